"""Rows that make a cohort look lived in, for tests that open every page of it."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from flask_security.recoverable import generate_reset_password_token
from sqlalchemy import select

from tests.files.storing import put
from workgroup import clock
from workgroup.accounts.models import User
from workgroup.cohorts import invitations
from workgroup.cohorts.models import (
    Cohort,
    Delegation,
    Invitation,
    Membership,
    Subgroup,
)
from workgroup.cohorts.roles import Role
from workgroup.database import db
from workgroup.deciding.models import Ballot, Elector, Participation, Vote
from workgroup.deciding.rules import Position, Rule, Threshold
from workgroup.discussion.models import Comment, Thread
from workgroup.drafting.canonical import sha256
from workgroup.drafting.models import Report, Section, Version
from workgroup.drafting.states import SectionKind, SectionState
from workgroup.files import services as files
from workgroup.jobs import services as jobs
from workgroup.jobs.models import JobState
from workgroup.notifications.kinds import NoticeKind
from workgroup.notifications.mailing import digest
from workgroup.notifications.models import Notice, UnsubscribeToken
from workgroup.publishing.models import Export, ExportState
from workgroup.textlog import services as textlog

RULE = Rule(
    quorum=Fraction(1, 2),
    threshold=Threshold(Fraction(2, 3)),
    delegation_quorum=Fraction(0),
    delegation_threshold=Threshold(Fraction(1, 2), strict=True),
    max_blocks=0,
)


@dataclass(frozen=True)
class Furniture:
    """The ids that addresses of a cohort's pages need."""

    slug: str
    ids: dict[str, int | str]


def furnish(slug: str, canary: str) -> Furniture:
    """Give a cohort of the cast a report, a ballot, threads and an export.

    Args:
        slug: which cohort.
        canary: a word that stands in everything people wrote there.
    """
    cohort = db.session.scalars(select(Cohort).where(Cohort.slug == slug)).one()
    people = db.session.scalars(
        select(Membership).where(Membership.cohort_id == cohort.id)
    ).all()
    subgroup = Subgroup(cohort_id=cohort.id, name=f"{canary} subgroup", position=9)
    delegation = Delegation(cohort_id=cohort.id, code="XX", name=canary, position=9)
    report = Report(cohort_id=cohort.id, title=f"{canary} report")
    db.session.add_all([subgroup, delegation, report])
    db.session.flush()
    draft = add_section(report, canary, 1, SectionState.DRAFT)
    voted = add_section(report, canary, 2, SectionState.IN_BALLOT)
    frozen = add_section(report, canary, 3, SectionState.FROZEN)
    spare = add_section(report, canary, 4, SectionState.DRAFT)
    version = add_version(voted, people[0], canary)
    add_version(frozen, people[0], canary)
    ballot = add_ballot(cohort, version, people)
    thread = add_thread(draft, people[0], canary)
    asked = {
        "report_id": report.id, "requested_by_id": people[0].id, "final": False,
        "requested_at": clock.now(), "finished_at": clock.now(),
    }  # fmt: skip
    failed = Export(
        **asked, state=ExportState.FAILED, error_code="other",
        error_parameters={"text": canary},
    )  # fmt: skip
    export = Export(**asked, state=ExportState.DONE, pages=1, file_name=f"{canary}.pdf")
    invitation = add_invitation(cohort, people[0], canary, f"token-of-{slug}")
    notice = add_notice(cohort, people[0], draft)
    db.session.add_all([failed, export, invitation])
    db.session.flush()
    give_up_mail(f"invitation-{invitation.id}")
    about = {"person": notice.user_id, "notices": [notice.id], "kind": None, "stop": ""}
    give_up_mail(f"given-up-of-{slug}", sort="notices", about=about)
    person = db.session.get_one(User, people[-1].user_id)
    content = put(canary.encode())
    files.refer(content, "export", export.id)
    db.session.commit()
    ids: dict[str, int | str] = {
        "section_id": draft.id,
        "voted_id": voted.id,
        "frozen_id": frozen.id,
        "spare_id": spare.id,
        "number": version.number,
        "ballot_id": ballot.id,
        "thread_id": thread.public_id,
        "notice_id": notice.id,
        "mail_token": mail_token(slug),
        "export_id": export.id,
        "invitation_id": invitation.id,
        "membership_id": people[-1].id,
        "delegation_id": delegation.id,
        "subgroup_id": subgroup.id,
        "token": f"token-of-{slug}",
        "reset_token": generate_reset_password_token(person),
        "filename": "css/base.css",
        "build": "of-last-week",
        "script": "js/webauthn.js",
    }
    return Furniture(slug, ids)


def give_up_mail(key: str, **payload: object) -> None:
    """Write a mail that could not be delivered."""
    mail = jobs.enqueue("mail", {**payload, "key": key}, key=f"mail:{key}")
    mail.state, mail.error = JobState.DEAD, "TimeoutError"
    mail.finished_at = clock.now()


def add_section(
    report: Report, canary: str, position: int, state: SectionState
) -> Section:
    """Write a section with one empty paragraph."""
    stream = textlog.create_stream()
    db.session.flush()
    section = Section(
        report_id=report.id, stream_id=stream.id, kind=SectionKind.CHAPTER,
        title=f"{canary} section {position}", position=position, state=state,
    )  # fmt: skip
    db.session.add(section)
    db.session.flush()
    return section


def add_version(section: Section, by: Membership, canary: str) -> Version:
    """Write the first version of a section."""
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": canary}]}
    canonical = {
        "title": section.title, "kind": section.kind.value, "addressees": "", "horizon": "",
        "blocks": [paragraph],
    }  # fmt: skip
    version = Version(
        section_id=section.id, number=1, epoch=1, seq=1, canonical=canonical,
        sha256=sha256(canonical), frozen_at=clock.now(), frozen_by_id=by.id,
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    return version


def add_ballot(cohort: Cohort, version: Version, people: list[Membership]) -> Ballot:
    """Write an open ballot in which the first elector has voted."""
    now = clock.now()
    ballot = Ballot(
        cohort_id=cohort.id, version=version, rule=RULE, opened_by_id=people[0].id,
        opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=3),
    )  # fmt: skip
    db.session.add(ballot)
    db.session.flush()
    electors = [
        Elector(
            ballot_id=ballot.id, membership_id=one.id, delegation_id=one.delegation_id
        )
        for one in people
        if one.delegation_id
    ]
    db.session.add_all(electors)
    db.session.flush()
    for elector in electors[:1]:
        keys = {"ballot_id": ballot.id, "elector_id": elector.id}
        vote = Vote(position=Position.OBJECT, reason="SECRET-REASON", **keys)
        db.session.add_all([vote, Participation(at=now, **keys)])
    return ballot


def add_thread(section: Section, by: Membership, canary: str) -> Thread:
    """Write a thread with one comment."""
    thread = Thread(
        section_id=section.id, quote=f"{canary} words", created_at=clock.now()
    )
    db.session.add(thread)
    db.session.flush()
    comment = Comment(
        thread_id=thread.id, author_id=by.id, body=f"{canary} comment", at=clock.now()
    )
    db.session.add(comment)
    return thread


def add_notice(cohort: Cohort, reader: Membership, section: Section) -> Notice:
    """Write a notice that one person has not read."""
    notice = Notice(
        cohort_id=cohort.id, user_id=reader.user_id, kind=NoticeKind.SECTION_ADOPTED,
        cause="act:0", section_id=section.id, at=clock.now(),
    )  # fmt: skip
    token = UnsubscribeToken(
        token_hash=digest(mail_token(cohort.slug)), user_id=reader.user_id,
        kind=NoticeKind.SECTION_ADOPTED, created_at=clock.now(),
    )  # fmt: skip
    db.session.add_all([notice, token])
    db.session.flush()
    return notice


def mail_token(slug: str) -> str:
    """Return the secret of the link that stops that person's mails."""
    return f"mail-token-of-{slug}"


def add_invitation(
    cohort: Cohort, by: Membership, canary: str, token: str
) -> Invitation:
    """Write an invitation that nobody has accepted."""
    now = clock.now()
    return Invitation(
        cohort_id=cohort.id, email=f"{canary.lower()}@cast.example",
        roles=frozenset({Role.OBSERVER}), token_hash=invitations.digest(token),
        invited_by_id=by.id, created_at=now, expires_at=now + timedelta(days=7),
    )  # fmt: skip
