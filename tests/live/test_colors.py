"""Each person in a room has a color of his or her own, as long as there are enough."""

import json
from dataclasses import dataclass

import pytest

from workgroup.cohorts.attribution import COLORS, Shown
from workgroup.live import presence


@dataclass
class Seat:
    user_id: int
    language: str = "en"

    @property
    def shown(self):
        return {"en": self.own}

    @property
    def own(self):
        return Shown(f"Person {self.user_id}")


def colors(*people):
    """Return the colors of people in the order in which they came."""
    frames = presence.frames({number: Seat(one) for number, one in enumerate(people)})
    return [one["color"] for one in json.loads(frames[0])["p"].values()]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([3, 5, 3], [3, 5, 3]),  # their own, in each of their windows
        ([3, 3 + COLORS], [3, 0]),  # two who would have the same
        ([*range(COLORS), COLORS + 5], [*range(COLORS), 5]),  # one more than there are
    ],
)
def test_people_keep_their_own_color_while_nobody_else_has_it(people, expected):
    assert colors(*people) == expected
