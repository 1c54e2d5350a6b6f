"""Mail holds titles and names, and never a word of a text, a comment or a reason."""

from datetime import timedelta

from sqlalchemy import select

from tests import cast
from tests.deciding.building import TEXT, a_section, person
from tests.notifications import mailbox
from tests.notifications.work import CANARY
from workgroup import clock
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.cohorts import promises
from workgroup.cohorts.attribution import DECIDED, Mode
from workgroup.database import db
from workgroup.deciding import services as voting
from workgroup.deciding.rules import SIMPLE_MAJORITY, Position
from workgroup.discussion import services as discussion
from workgroup.discussion.quotations import Quotation
from workgroup.lifecycle import flow
from workgroup.lifecycle.queries import surfaces_in_use
from workgroup.notifications import log_reader
from workgroup.notifications.kinds import MailState, NoticeKind
from workgroup.notifications.models import Notice

VOTERS = ("amy", "hana", "minjun")


def talk_about(section):
    """Let all talk about the text, quoting it; Hana began."""
    thread = discussion.open_thread(section, person("hana"), CANARY, Quotation(TEXT))
    for name in ("amy", "minjun"):
        discussion.reply(thread, person(name), CANARY)


def ask_for_votes(section):
    """Open a ballot, and remind all at its last hours that they have not voted."""
    closes = clock.now() + timedelta(days=3)
    ballot = flow.put_to_vote(section, person("olivia"), SIMPLE_MAJORITY, closes)
    with clock.pretend(closes - timedelta(hours=2)):
        log_reader.remind()
    return ballot


def vote_on(section, position):
    ballot = ask_for_votes(section)
    for name in VOTERS[:2]:
        voting.cast_vote(ballot, person(name), position, CANARY)
    flow.close(ballot, by=None)


def do_everything():
    """Let everything happen of which anybody gets mail."""
    olivia = person("olivia")
    for position in (Position.SUPPORT, Position.OBJECT):
        section = a_section(f"Section of {position.value}")
        section.subgroup_id = person("hana").subgroup_id
        talk_about(section)
        flow.freeze(section, olivia)
        flow.reopen(section, olivia, CANARY)
        vote_on(section, position)
    broken = a_section("A broken one")
    frozen, reopened = a_section("A frozen one"), a_section("A reopened one")
    for one in (frozen, reopened):
        one.subgroup_id = person("hana").subgroup_id
        flow.freeze(one, olivia)
    flow.reopen(reopened, olivia, CANARY)
    ask_for_votes(a_section("One to vote on"))
    for act in (Act.TEXT_SET_ASIDE, Act.TEXT_UNREADABLE):
        acts.note(
            act,
            broken.stream_id,
            by=None,
            cohort_id=olivia.cohort_id,
            stream_id=broken.stream_id,
        )
    promises.set_modes(olivia, dict.fromkeys(DECIDED, Mode.NONE), surfaces_in_use)
    db.session.commit()


def test_no_mail_of_any_kind_holds_what_somebody_wrote(app, post, deliver):
    with app.app_context():
        do_everything()

    deliver()
    with clock.pretend(clock.now() + timedelta(days=1)):
        deliver(morning=True)

    with app.app_context():
        sent = set(
            db.session.scalars(select(Notice.kind).where(Notice.mail == MailState.SENT))
        )
    assert sent == set(NoticeKind)
    assert {one["To"] for one in post.messages} >= set(map(cast.address, VOTERS))
    for mail in post.messages:
        written = "".join([str(mail.items()), mailbox.text(mail), mailbox.html(mail)])
        assert CANARY not in written
        assert TEXT not in written
