"""What changes under an open page raises the revision that the page waits for."""

import pytest

from tests.deciding.building import a_ballot, a_section, person
from workgroup import bus
from workgroup.bus import Aspect
from workgroup.deciding import queries
from workgroup.deciding import services as deciding
from workgroup.deciding.rules import Position
from workgroup.drafting import arranging


@pytest.fixture
def raised(session):
    """Return how often an aspect of a stream was raised since the last look."""
    seen = {}

    def count(aspect, stream_id):
        topic = bus.topic(aspect, stream_id)
        now = bus.revisions([topic]).get(topic, 0)
        before, seen[topic] = seen.get(topic, 0), now
        return now - before

    return count


def test_a_vote_is_seen(session, raised):
    ballot = a_ballot()
    session.commit()
    stream_id = queries.stream_of(ballot.version_id)
    raised(Aspect.BALLOT, stream_id)

    deciding.cast_vote(ballot, person("hana"), Position.SUPPORT, "")
    session.commit()

    assert raised(Aspect.BALLOT, stream_id) == 1


def test_a_changed_section_is_seen(session, raised):
    section = a_section()
    session.commit()
    raised(Aspect.STATE, section.stream_id)

    arranging.change_section(
        section,
        person("olivia"),
        kind=section.kind,
        title="Another title",
        subgroup_id=None,
        addressees="",
        horizon="",
    )
    session.commit()

    assert raised(Aspect.STATE, section.stream_id) == 1
