"""Neither an order nor a number distinguishes people who are not named."""

import re
from itertools import pairwise

import pytest

from tests import cast
from tests.deciding.building import a_ballot, person
from tests.live.conftest import play
from tests.live.desks import Desk, a_hub
from tests.live.editors import write_section
from workgroup.cohorts.attribution import DECIDED, Mode
from workgroup.database import db
from workgroup.deciding import services as deciding
from workgroup.deciding.rules import Position
from workgroup.lifecycle import flow
from workgroup.live import arrivals

VOTERS = ("amy", "hana", "minjun")


@pytest.fixture
def unnamed(app):
    with app.app_context():
        cohort = person("olivia").cohort
        for surface in DECIDED:
            setattr(cohort, f"names_{surface.value}", Mode.NONE)
        db.session.commit()


@pytest.mark.parametrize("reader", VOTERS)
def test_among_equal_positions_everybody_finds_their_own_first(
    app, as_, unnamed, reader
):
    with app.app_context():
        ballot = a_ballot()
        for name in VOTERS:
            deciding.cast_vote(ballot, person(name), Position.SUPPORT, "")
        flow.close(ballot, person("olivia"))
        db.session.commit()
        address = f"/c/{cast.SLUG}/ballots/{ballot.id}"

    page = as_(reader).get(address).text

    assert re.findall(r'<div class="nm">([^<]+)</div>', page) == [
        "You",
        "Someone",
        "Someone",
    ]


def test_numbers_of_connections_follow_no_order(app, unnamed):
    with app.app_context():
        sections = [write_section(), write_section("Energy")]
        db.session.commit()
        places = [
            type("Place", (), {"id": one.id, "stream_id": one.stream_id})
            for one in sections
        ]

    async def scene():
        async with a_hub(app) as hub:
            numbers = []
            for place in places * 2:  # Amy goes from one section to the other and back
                amy = await Desk(hub, place, "amy").enter()
                numbers.append(amy.peer.number)
                hub.leave(amy.peer)
            return numbers

    numbers = play(scene())
    steps = {after - before for before, after in pairwise(numbers)}
    assert len(set(numbers)) == len(numbers)
    assert len(steps) == len(numbers) - 1


def test_no_two_connections_of_a_room_have_one_number(monkeypatch):
    dealt = iter([4, 4, 9])
    monkeypatch.setattr(arrivals.secrets, "randbelow", lambda _: next(dealt))

    assert arrivals.new_number({5}) == 10
