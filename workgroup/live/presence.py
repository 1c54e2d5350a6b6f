"""Who is in a room and where: the server says who, and nothing of it is stored."""

from collections.abc import Collection, Mapping
from typing import Protocol

from workgroup.cohorts.attribution import COLORS, Shown
from workgroup.textlog import protocol

GONE = b""
Described = dict[int, dict[str, object]]  # by connection


class Seated(Protocol):
    """A person in a room, with what others may know of him or her."""

    @property
    def user_id(self) -> int:
        """The person's account."""

    @property
    def language(self) -> str:
        """The language in which the person reads."""

    @property
    def shown(self) -> Mapping[str, Shown]:
        """What the others see, by language of the reader."""

    @property
    def own(self) -> Shown:
        """What the person sees of himself or herself."""


def frames(seats: Mapping[int, Seated]) -> dict[int, str]:
    """Return connection → the list of who is here, in which each finds himself or herself.

    Args:
        seats: who is here by connection, in order of arrival.
    """
    whole: dict[str, Described] = {}
    frames: dict[int, str] = {}
    for connection, seat in seats.items():
        if seat.language not in whole:
            whole[seat.language] = _described(seats, seat.language)
        people = whole[seat.language]
        if seat.own != seat.shown[seat.language]:
            mine = {n for n, one in seats.items() if one.user_id == seat.user_id}
            people = _as_own(people, mine, seat.own)
        frames[connection] = protocol.people(people)
    return frames


def _described(seats: Mapping[int, Seated], language: str) -> Described:
    """Describe who is here, with a color of his or her own for each person while there are enough.

    People who are not named get no color. All that shows of them is whether a connection
    belongs to somebody who is counted already.
    """
    colors: dict[int, int] = {}
    seen: set[int] = set()
    people_here: Described = {}
    for connection, seat in seats.items():
        person, shown = seat.user_id, seat.shown[language]
        one = _words(shown)
        if shown.is_named:
            one["color"] = colors.setdefault(person, _color(person, colors))
        if person in seen:
            one["again"] = True
        seen.add(person)
        people_here[connection] = one
    return people_here


def _as_own(people: Described, mine: Collection[int], own: Shown) -> Described:
    return {
        connection: {**one, **_words(own)} if connection in mine else one
        for connection, one in people.items()
    }


def _words(shown: Shown) -> dict[str, object]:
    return {
        "name": shown.text,
        "lang": shown.lang,
        "code": shown.code,
        "initials": shown.initials,
    }


def _color(person: int, taken: Mapping[int, int]) -> int:
    """Keep a person's own color unless somebody here has it already."""
    free = set(range(COLORS)) - set(taken.values())
    wanted = person % COLORS
    return wanted if wanted in free or not free else min(free)


class Cursors:
    """Where the cursors of one room stand, and which of them moved since the last tick."""

    __slots__ = ("moved", "places")

    def __init__(self) -> None:
        self.places: dict[int, bytes] = {}
        self.moved: set[int] = set()

    def move(self, connection: int, place: bytes) -> None:
        """Record a cursor's new position; an empty one means that it is nowhere."""
        self.places[connection] = place
        self.moved.add(connection)

    def leave(self, connection: int) -> None:
        """Remove a cursor; the others see that at the next tick."""
        if self.places.pop(connection, GONE):
            self.moved.add(connection)

    def take_moved(self) -> list[tuple[int, bytes]]:
        """Return the cursors that moved since the last call."""
        moved, self.moved = self.moved, set()
        return [(number, self.places.get(number, GONE)) for number in sorted(moved)]
