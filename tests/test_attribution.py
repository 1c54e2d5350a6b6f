"""Where a cohort hides names, no page, frame, mail or file tells two people apart.

Two worlds are made that differ in one thing: what one person did in the first, another
did in the second. Where nothing may show, every byte that a third one gets is the same.
"""

import json
import re
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from tests import cast
from tests.furniture import add_ballot, add_section, add_version, furnish
from tests.test_authorization import addresses
from workgroup import clock
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.cohorts.attribution import DECIDED, Mode
from workgroup.cohorts.models import Cohort, Delegation, Membership
from workgroup.cohorts.roles import Role
from workgroup.database import db
from workgroup.deciding.models import Ballot, Elector, Participation, Vote
from workgroup.deciding.rules import Outcome, Position
from workgroup.discussion.models import Comment, Thread
from workgroup.drafting.models import Report
from workgroup.drafting.states import SectionState
from workgroup.jobs.models import Job
from workgroup.notifications import jobs as notifications
from workgroup.publishing.assemble import assemble
from workgroup.publishing.models import Export

NOW = clock.now().replace(second=10, microsecond=0)
# What stands for each person in the canary's search, the address's first part included.
NAMES = {
    "olivia": ("Olivia", "Okafor", "olivia@"),
    "amy": ("Amy", "Adler", "amy@"),
    "nao": ("Nao", "Nagai", "nao@"),
    "minjun": ("Minjun", "마민준", "minjun@"),
}
RANDOM = re.compile(
    r'<(input|meta)[^>]*name="(csrf_token|form_key|csrf-token)"[^>]*>|name="csrf-token"[^>]*>'
)
# Numbers of notices are dealt in a random order.
DEALT = re.compile(r"/notices/\d+")
FILES = ("static", "file_of_another_build", "security.")  # the same for everybody
# Who is in the cohort shows by name always; one's own pages name oneself.
ALWAYS_NAMED = re.compile(
    r"(cohorts\.|security\.|accounts\.|lifecycle\.(home|found|start)|static)"
)


@dataclass(frozen=True)
class World:
    """A cohort in which somebody did things, and the addresses of its pages."""

    furniture: object
    ended: object  # the same, with the ballot that has ended


@pytest.fixture
def made(app, database, monkeypatch):
    """Make a world in which ``first`` did one half of everything and ``second`` the other."""
    monkeypatch.setattr(clock, "now", lambda: NOW)

    def make(first, second, mode):
        database.put_back()
        return database.once(build, first, second, mode)

    return make


def build(first, second, mode):
    cohort = db.session.scalars(select(Cohort).where(Cohort.slug == cast.SLUG)).one()
    for surface in DECIDED:
        setattr(cohort, f"names_{surface.value}", mode)
    bring_nao(cohort)
    furniture = furnish(cast.SLUG, "CANARY")
    everybody = db.session.scalars(
        select(Membership).where(Membership.cohort_id == cohort.id).order_by(Membership.id)
    ).all()  # fmt: skip
    one, other = member(first), member(second)
    talk(one, other)
    report = db.session.scalars(select(Report)).first()
    section = add_section(report, "CANARY", 5, SectionState.REJECTED)
    version = add_version(section, one, "CANARY")
    ballot = vote(cohort, version, everybody, one, other)
    for export in db.session.scalars(select(Export)):
        export.requested_by_id = one.id
    db.session.commit()
    notifications.write_notices()
    furniture = replace(furniture, ids={**furniture.ids, "thread_id": "A" * 22})
    ids = {
        **furniture.ids,
        "ballot_id": ballot.id,
        "voted_id": section.id,
        "section_id": section.id,
    }
    return World(furniture, replace(furniture, ids=ids))


def bring_nao(cohort):
    """Let the United States have a second member."""
    user = cast.write_user("nao", "Nao Nagai", "", "UTC")
    user.affiliation = "Institute of Nao"
    states = db.session.scalars(select(Delegation).where(Delegation.code == "US")).one()
    db.session.add(
        Membership(
            cohort_id=cohort.id,
            user_id=user.id,
            roles=frozenset({Role.MEMBER}),
            delegation_id=states.id,
            joined_at=cast.JOINED,
        )
    )
    db.session.flush()


def member(name):
    return db.session.scalars(
        select(Membership).where(Membership.user_id == cast.user_id(name))
    ).one()


def talk(one, other):
    """Let both speak in two threads with Hana; one settles the second thread."""
    first = db.session.scalars(select(Thread)).one()
    first.public_id = "A" * 22
    second = Thread(
        section_id=first.section_id, public_id="B" * 22, created_at=NOW,
        resolved_at=NOW, resolved_by_id=one.id,
    )  # fmt: skip
    db.session.add(second)
    db.session.flush()
    for thread, speakers in (
        (first, (other, member("hana"), one)),
        (second, (one, one)),
    ):
        for speaker in speakers:
            comment = Comment(
                thread_id=thread.id, author_id=speaker.id, body="Early.", at=NOW
            )
            db.session.add(comment)
            db.session.flush()
            acts.note(
                Act.COMMENT_ADDED, comment.id, by=speaker.user_id,
                cohort_id=one.cohort_id, stream_id=1,
            )  # fmt: skip
    for comment in db.session.scalars(select(Comment).limit(1)):
        comment.author_id = other.id


def vote(cohort, version, everybody, one, other):
    """Let a ballot end in which one supports and the other objects."""
    ballot = add_ballot(cohort, version, [member("olivia")])  # no elector yet
    electors = {
        each.id: Elector(
            ballot_id=ballot.id, membership_id=each.id, delegation_id=each.delegation_id
        )
        for each in everybody
        if each.delegation_id
    }
    db.session.add_all(electors.values())
    db.session.flush()
    positions = {
        one.id: (Position.SUPPORT, ""),
        other.id: (Position.OBJECT, "Too costly."),
    }
    for membership_id, (position, reason) in positions.items():
        keys = {"ballot_id": ballot.id, "elector_id": electors[membership_id].id}
        db.session.add_all(
            [
                Participation(at=NOW, **keys),
                Vote(position=position, reason=reason, **keys),
            ]
        )
    db.session.flush()
    ballot.closed_at, ballot.outcome = NOW, Outcome.REJECTED
    return ballot


def everything(app, as_, world, reader):
    """Return what a reader gets from each page that can be opened, and its headers."""
    found = {}
    for furniture in (world.furniture, world.ended):
        for asked in addresses(app, furniture):
            if asked.method != "GET" or asked.endpoint.startswith(FILES):
                continue
            if (asked.endpoint, asked.address) in found:
                continue
            answer = asked.by(as_(reader))
            headers = [
                pair for pair in answer.headers if pair[0] not in {"Set-Cookie", "Date"}
            ]
            text = DEALT.sub("", RANDOM.sub("", answer.text)) + json.dumps(headers)
            found[asked.endpoint, asked.address] = text
    return found


def differing(first, second):
    assert first.keys() == second.keys()
    return {endpoint for (endpoint, address), text in first.items() if second[endpoint, address] != text}  # fmt: skip


@pytest.mark.parametrize("reader", ["hana", "olivia"])
@pytest.mark.parametrize(
    ("mode", "others"),
    [(Mode.NONE, ("amy", "nao")), (Mode.DELEGATION, ("amy", "nao"))],
)
def test_no_page_tells_which_of_two_people_did_it(app, as_, made, mode, others, reader):
    first, second = others
    one = everything(app, as_, made(first, second, mode), reader)
    other = everything(app, as_, made(second, first, mode), reader)

    assert differing(one, other) == set()


def test_pages_that_name_people_do_tell(app, as_, made):
    one = everything(app, as_, made("amy", "nao", Mode.NAMED), "olivia")
    other = everything(app, as_, made("nao", "amy", Mode.NAMED), "olivia")

    assert differing(one, other) >= {
        "discussion.threads",
        "lifecycle.workspace",
        "drafting.version",
        "deciding.show",
        "publishing.index",
        "publishing.show",
    }


@pytest.mark.parametrize("mode", [Mode.NONE, Mode.DELEGATION])
def test_no_page_but_those_about_people_holds_a_name(app, as_, made, mode):
    world = made("amy", "minjun", mode)
    leaks = []

    for reader in ("hana", "olivia"):
        for (endpoint, address), text in everything(app, as_, world, reader).items():
            if ALWAYS_NAMED.match(endpoint):
                continue
            for name, words in NAMES.items():
                shown = [word for word in words if word in text and name != reader]
                if shown:
                    leaks.append((reader, endpoint, address, shown))

    assert leaks == []


def test_everybody_finds_what_is_their_own(app, as_, made):
    world = made("amy", "minjun", Mode.NONE)

    pages = everything(app, as_, world, "hana")

    talk = [text for (end, _), text in pages.items() if end.startswith("discussion.")]
    assert max(text.count('<div class="nm">You</div>') for text in talk) == 1


@pytest.mark.parametrize("mode", [Mode.NONE, Mode.DELEGATION])
def test_no_mail_names_anybody(app, made, mode):
    made("amy", "minjun", mode)

    app.config["SMTP_URL"] = "smtp://127.0.0.1:9"
    with app.app_context():
        notifications.mail_at_once()
        mails = [json.dumps(job.payload) for job in db.session.scalars(select(Job))]
    assert any("comment" in mail for mail in mails)
    for words in NAMES.values():
        assert [mail for mail in mails if any(word in mail for word in words[:2])] == []


@pytest.mark.parametrize(
    ("mode", "members"), [(Mode.NONE, None), (Mode.DELEGATION, "2 members")]
)
def test_the_file_holds_no_name(app, made, mode, members):
    made("amy", "minjun", mode)

    with app.test_request_context():
        cohort = db.session.scalars(
            select(Cohort).where(Cohort.slug == cast.SLUG)
        ).one()
        report = db.session.scalars(
            select(Report).where(Report.cohort_id == cohort.id)
        ).one()
        text = json.dumps(assemble(report, cohort, NOW).to_json(), ensure_ascii=False)
    assert [word for words in NAMES.values() for word in words if word in text] == []
    assert "Institute of Nao" not in text
    assert members is None or members in text


def test_the_ballots_are_there_to_be_looked_at(app, made):
    made("amy", "minjun", Mode.NONE)

    with app.app_context():
        assert {one.has_ended for one in db.session.scalars(select(Ballot))} == {True, False}  # fmt: skip
