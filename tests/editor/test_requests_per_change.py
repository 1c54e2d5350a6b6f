"""What each kind of change costs each open editor, pinned as numbers of queries are.

The page's clock stands until a change has arrived, and is turned then: what the page puts off to
ask for once is asked for once on a slow machine too, and all of it before it is counted.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests import cast
from tests.deciding.building import person
from tests.editor.meter import BELL, Meter
from workgroup import bus, clock
from workgroup.cohorts import services as cohorts
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.deciding import queries as ballots
from workgroup.deciding import services as deciding
from workgroup.deciding.rules import CONSENSUS, Position
from workgroup.discussion import queries, services
from workgroup.discussion.quotations import Quotation
from workgroup.drafting.models import Section
from workgroup.lifecycle import flow
from workgroup.live import topics

pytestmark = pytest.mark.browser

ONE_CARD = {"threads": 1}
ONE_STRIP = {"standing": 1}
NOTHING: dict[str, int] = {}
HAS_ASKED = """() => performance.getEntriesByType('resource')
  .some((one) => one.name.endsWith('/standing'))"""
SOON = 10  # ms: what the page does at once, without what it puts off
MOST = 8 * 1024  # bytes of one answer, with its headers


class Watched:
    """A draft that Amy has open, and what others do to it."""

    def __init__(self, draft, desk):
        self.draft, self.desk = draft, desk
        self.meter = Meter(desk.page)
        self.topics = topics.of_stream(draft.stream_id)
        desk.page.clock.install()
        self.meter.stop_the_clock()
        self.reload()

    def reload(self):
        """Open the page again, and let it ask for all that it learns of when it connects.

        It is left first, so that nothing it still asks for is taken for what the new one asks.
        """
        self.desk.page.goto("about:blank")
        self.meter.begin()
        self.meter.ever.clear()
        self.desk.page.goto(self.draft.address)
        self.meter.catch_up(turning=SOON)
        self.desk.state("saved")

    def revisions(self):
        """Read how often each part that the page shows has changed."""
        with self.draft.app.app_context():
            return bus.revisions(self.topics)

    def after(self, change, *, returns=False):
        """Make a change; return which parts Amy's page asks for, and how often.

        Args:
            change: takes the section, in a transaction as another process has it.
            returns: whether the page then connects again, and learns of all that may have changed.
        """
        before = self.revisions()
        self.meter.begin()
        with self.draft.app.app_context():
            change(db.session.get(Section, self.draft.section_id))
            db.session.commit()
        raised = {
            self.topics[topic]
            for topic, revision in self.revisions().items()
            if revision != before.get(topic, 0)
        }
        if returns:
            self.meter.wait(lambda: self.meter.sockets, turning=SOON)
            self.meter.catch_up()
        self.meter.wait(lambda: raised <= set(self.meter.events))
        self.meter.settle()
        assert max(self.meter.bytes.values(), default=0) < MOST, self.meter.bytes
        parts = dict(self.meter.parts)
        parts.pop(
            "count", None
        )  # of notices, which the worker writes when it comes round
        return parts


@pytest.fixture
def watched(sit_down, draft):
    found = Watched(draft, sit_down("amy"))
    yield found
    ever = found.meter.ever
    assert ever[BELL] <= ever["notices"]


def last_thread(section):
    return queries.threads(person("hana"), section.id)[-1]


def open_ballot(section):
    flow.put_to_vote(
        section, person("olivia"), CONSENSUS, clock.now() + timedelta(days=3)
    )


def ballot_of(section):
    return ballots.find_open_ballot(section.id)


def test_a_comment_costs_one_card(watched):
    def begin(section):
        services.open_thread(section, person("hana"), "Why eleven?", Quotation())

    def answer(section):
        services.reply(last_thread(section), person("hana"), "秋はどうですか。")

    def resolve(section):
        services.resolve(last_thread(section), person("hana"))

    for change in (begin, answer, resolve):
        assert watched.after(change) == ONE_CARD, change.__name__


def test_a_change_of_state_costs_one_strip(watched):
    def vote(section):
        deciding.cast_vote(ballot_of(section), person("hana"), Position.SUPPORT, "")

    def close(section):
        flow.close(ballot_of(section), person("olivia"))

    def reopen(section):
        flow.reopen(section, person("olivia"), "A word is missing.")

    # Everyone who has the text open reconnects when it is frozen, and then, as after a loss,
    # asks for all that may have changed; on a slow network the strip comes twice.
    frozen = watched.after(open_ballot, returns=True)
    assert frozen in (ONE_STRIP | ONE_CARD, ONE_STRIP | ONE_CARD | {"standing": 2})
    for change in (vote, close, reopen):
        assert watched.after(change) == ONE_STRIP, change.__name__


def a_visitor():
    """Bring somebody who can be removed: the cast is everybody's on this server."""
    amy = person("amy")
    visitor = Membership(
        cohort_id=amy.cohort_id,
        user=cast.write_user("visitor", "Visitor", "!", "UTC"),
        roles=amy.roles,
        delegation_id=amy.delegation_id,
        joined_at=cast.JOINED,
    )
    db.session.add(visitor)
    db.session.commit()


def test_coming_and_going_costs_nothing(watched, sit_down):
    people = watched.desk.page.locator("#people .av")
    colleagues = []

    def arrive(_section):
        colleagues.append(sit_down("hana"))
        colleagues[0].state("saved")
        expect(people).to_have_count(2)

    def leave(_section):
        colleagues[0].page.close()
        expect(people).to_have_count(1)

    def remove(_section):
        a_visitor()
        colleagues.append(sit_down("visitor"))
        colleagues[-1].page.wait_for_function(HAS_ASKED)
        expect(people).to_have_count(2)
        cohorts.remove(person("olivia"), person("visitor"))
        db.session.commit()
        expect(people).to_have_count(1)

    for change in (arrive, leave, remove):
        assert watched.after(change) == NOTHING, change.__name__


def test_an_arriving_editor_asks_once_for_each_part(watched):
    watched.reload()

    asked = watched.meter.parts
    assert (asked["standing"], asked["threads"], asked["count"]) == (1, 1, 1)
