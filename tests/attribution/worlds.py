"""Two worlds that differ in who did what: for a third person they must be the same."""

import base64
import json
import re
import zlib
from dataclasses import dataclass, replace

from sqlalchemy import select

from tests import cast
from tests.furniture import add_ballot, add_section, add_version, furnish
from workgroup import clock
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.cohorts import promises
from workgroup.cohorts.attribution import DECIDED
from workgroup.cohorts.models import Cohort, Delegation, Membership
from workgroup.cohorts.roles import Role
from workgroup.database import db
from workgroup.deciding.models import Elector, Participation, Vote
from workgroup.deciding.rules import Outcome, Position
from workgroup.discussion.models import Comment, Thread
from workgroup.drafting.models import Report
from workgroup.drafting.states import SectionState
from workgroup.notifications import jobs as notifications
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
    r'<(input|meta)[^>]*name="(csrf_token|form_key|press_key|csrf-token)"[^>]*>|name="csrf-token"[^>]*>|"token":"[^"]*"'
)
# Numbers of notices are dealt in a random order.
DEALT = re.compile(r'/notices/\d+|name="up_to" value="\d+"')
OWN = {"csrf_token", "invitation_link"}  # random, and nobody's but the reader's
# A thread that was just started has a random id.
NEW_ID = re.compile(r'((?:thread-|threads/|data-thread="))(?!A{22}|B{22})[\w-]{22}')
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


def build(first, second, mode):
    cohort = db.session.scalars(select(Cohort).where(Cohort.slug == cast.SLUG)).one()
    bring_nao(cohort)
    # The service, whose notice names a person too; where names stay, nothing has changed.
    promises.set_modes(member(first), dict.fromkeys(DECIDED, mode), lambda _cohort: ())
    furniture = furnish(cast.SLUG, "CANARY")
    everybody = db.session.scalars(
        select(Membership).where(Membership.cohort_id == cohort.id).order_by(Membership.id)
    ).all()  # fmt: skip
    one, other = member(first), member(second)
    talk(one, other)
    report = db.session.scalars(select(Report)).first()
    section = add_section(report, "CANARY", 5, SectionState.REJECTED)
    version = add_version(section, one, "CANARY")
    positions = {one: Position.SUPPORT, other: Position.OBJECT}
    ballot = vote(cohort, version, everybody, positions)
    ballot.closed_at, ballot.outcome = NOW, Outcome.REJECTED
    under_way = add_section(report, "CANARY", 6, SectionState.IN_BALLOT)
    version = add_version(under_way, one, "CANARY")
    vote(cohort, version, everybody, {one: Position.SUPPORT})
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
    """Let both comment in two threads with Hana; one resolves the second thread."""
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


def vote(cohort, version, everybody, positions):
    """Open a ballot in which these people have taken these positions."""
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
    for person, position in positions.items():
        keys = {"ballot_id": ballot.id, "elector_id": electors[person.id].id}
        reason = "Too costly." if position is Position.OBJECT else ""
        db.session.add_all(
            [
                Participation(at=NOW, **keys),
                Vote(position=position, reason=reason, **keys),
            ]
        )
    db.session.flush()
    return ballot


def plain(answer):
    """Return an answer as bytes that may differ only by what somebody did.

    Random keys are left out, and a cookie is read: it is signed with the moment.
    """
    headers = [pair for pair in answer.headers if pair[0] not in {"Set-Cookie", "Date"}]
    cookies = [payload(cookie) for cookie in answer.headers.getlist("Set-Cookie")]
    text = DEALT.sub("", RANDOM.sub("", answer.text))
    return NEW_ID.sub(r"\1ID", text + json.dumps(headers) + json.dumps(cookies))


def payload(cookie):
    """Return the name of a session cookie and what it holds."""
    name, _, value = cookie.partition(";")[0].partition("=")
    packed = value.lstrip(".").partition(".")[0]
    data = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    held = json.loads(zlib.decompress(data) if value.startswith(".") else data)
    return name, {key: one for key, one in held.items() if key not in OWN}


def differing(first, second):
    """Return the keys under which two worlds are not the same."""
    assert first.keys() == second.keys(), first.keys() ^ second.keys()
    return {key for key, text in first.items() if second[key] != text}
