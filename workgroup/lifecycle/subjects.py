"""What the acts in the log were done to, in words and with a link. Nothing here changes anything.

Everything is looked up within the reader's cohort. For a discussion this names the section,
and never what anybody wrote.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from workgroup.cohorts.models import (
    PERSON,
    Cohort,
    Delegation,
    Invitation,
    Membership,
    Subgroup,
)
from workgroup.database import db
from workgroup.deciding.models import Ballot
from workgroup.discussion.models import Comment, Thread
from workgroup.discussion.queries import seen_by
from workgroup.drafting.models import Report, Section, Version
from workgroup.i18n import moment
from workgroup.publishing.models import Export


@dataclass(frozen=True)
class Subject:
    """What an act was done to."""

    words: str = ""
    address: str = ""  # empty: there is no page to open
    person: Membership | None = None  # instead of words


Kind = Callable[[Membership, Sequence[int]], Mapping[int, Subject]]


def find(reader: Membership, subjects: Iterable[str]) -> dict[str, Subject]:
    """Return subject, such as ``ballot:7``, → what it was (a query for each kind).

    Anything that has been removed since, or that the reader may not see, is left out.
    """
    wanted: dict[str, set[int]] = {}
    for subject in subjects:
        kind, _colon, number = subject.partition(":")
        if kind in KINDS and number.isdecimal():
            wanted.setdefault(kind, set()).add(int(number))
    return {
        f"{kind}:{number}": subject
        for kind, ids in wanted.items()
        for number, subject in KINDS[kind](reader, sorted(ids)).items()
    }


def _sections(reader: Membership, ids: Sequence[int]) -> Mapping[int, Subject]:
    rows = db.session.execute(
        select(Section.id, Section.title)
        .join(Report, Report.id == Section.report_id)
        .where(Report.cohort_id == reader.cohort_id, Section.id.in_(ids))
    )
    return {one.id: _section(reader, one.id, one.title) for one in rows}


def _texts(reader: Membership, ids: Sequence[int]) -> Mapping[int, Subject]:
    rows = db.session.execute(
        select(Section.stream_id, Section.id, Section.title)
        .join(Report, Report.id == Section.report_id)
        .where(Report.cohort_id == reader.cohort_id, Section.stream_id.in_(ids))
    )
    return {one.stream_id: _section(reader, one.id, one.title) for one in rows}


def _section(reader: Membership, section_id: int, title: str) -> Subject:
    address = url_for(
        "lifecycle.workspace", slug=reader.cohort.slug, section_id=section_id
    )
    return Subject(title, address)


def _ballots(reader: Membership, ids: Sequence[int]) -> Mapping[int, Subject]:
    rows = db.session.execute(
        select(Ballot.id, Version.number, Section.title)
        .join(Version, Version.id == Ballot.version_id)
        .join(Section, Section.id == Version.section_id)
        .where(Ballot.cohort_id == reader.cohort_id, Ballot.id.in_(ids))
    )
    return {
        one.id: Subject(
            _("%(title)s, version %(number)d", title=one.title, number=one.number),
            url_for("deciding.show", slug=reader.cohort.slug, ballot_id=one.id),
        )
        for one in rows
    }


def _threads(reader: Membership, ids: Sequence[int]) -> Mapping[int, Subject]:
    seen = seen_by(reader).with_only_columns(Thread.id, Thread.public_id, Section.title)
    rows = db.session.execute(seen.where(Thread.id.in_(ids)))
    return {one.id: _thread(reader, one.public_id, one.title) for one in rows}


def _comments(reader: Membership, ids: Sequence[int]) -> Mapping[int, Subject]:
    rows = db.session.execute(
        seen_by(reader)
        .join(Comment, Comment.thread_id == Thread.id)
        .with_only_columns(Comment.id, Thread.public_id, Section.title)
        .where(Comment.id.in_(ids))
    )
    return {one.id: _thread(reader, one.public_id, one.title) for one in rows}


def _thread(reader: Membership, public_id: str, title: str) -> Subject:
    address = url_for("discussion.thread", slug=reader.cohort.slug, thread_id=public_id)
    return Subject(_("Thread on “%(title)s”", title=title), address)


def _exports(reader: Membership, ids: Sequence[int]) -> Mapping[int, Subject]:
    rows = db.session.execute(
        select(Export.id, Export.requested_at)
        .join(Report, Report.id == Export.report_id)
        .where(Report.cohort_id == reader.cohort_id, Export.id.in_(ids))
    )
    address = url_for("publishing.index", slug=reader.cohort.slug)
    return {
        one.id: Subject(_("PDF of %(when)s", when=moment(one.requested_at)), address)
        for one in rows
    }


def _members(reader: Membership, ids: Sequence[int]) -> Mapping[int, Subject]:
    rows = db.session.scalars(
        select(Membership)
        .options(*PERSON)
        .where(Membership.cohort_id == reader.cohort_id, Membership.id.in_(ids))
    )
    return {
        one.id: Subject(
            person=one,
            address=""
            if one.ended_at
            else url_for(
                "cohorts.person", slug=reader.cohort.slug, membership_id=one.id
            ),
        )
        for one in rows
    }


def _invitations(reader: Membership, ids: Sequence[int]) -> Mapping[int, Subject]:
    """Name whom each invitation is for: by address until it is accepted, then as a person."""
    rows = db.session.scalars(
        select(Invitation).where(
            Invitation.cohort_id == reader.cohort_id,
            Invitation.id.in_(ids),
            Invitation.accepted_at.is_(None),
        )
    )
    address = url_for("cohorts.people", slug=reader.cohort.slug)
    return {one.id: Subject(one.email, address) for one in rows}


def _part(table: type[Delegation | Subgroup], endpoint: str) -> Kind:
    def find_parts(reader: Membership, ids: Sequence[int]) -> Mapping[int, Subject]:
        rows = db.session.execute(
            select(table.id, table.name).where(
                table.cohort_id == reader.cohort_id, table.id.in_(ids)
            )
        )
        slug = reader.cohort.slug
        return {
            one.id: Subject(one.name, url_for(endpoint, slug=slug, part_id=one.id))
            for one in rows
        }

    return find_parts


def _reports(reader: Membership, ids: Sequence[int]) -> Mapping[int, Subject]:
    rows = db.session.execute(
        select(Report.id, Report.title).where(
            Report.cohort_id == reader.cohort_id, Report.id.in_(ids)
        )
    )
    address = url_for("drafting.outline", slug=reader.cohort.slug)
    return {one.id: Subject(one.title, address) for one in rows}


def _cohorts(reader: Membership, ids: Sequence[int]) -> Mapping[int, Subject]:
    cohort: Cohort = reader.cohort
    address = url_for("cohorts.setup", slug=cohort.slug)
    return {cohort.id: Subject(cohort.name, address)} if cohort.id in ids else {}


KINDS: Mapping[str, Kind] = {
    "section": _sections,
    "stream": _texts,
    "ballot": _ballots,
    "thread": _threads,
    "comment": _comments,
    "export": _exports,
    "membership": _members,
    "invitation": _invitations,
    "delegation": _part(Delegation, "cohorts.change_delegation"),
    "subgroup": _part(Subgroup, "cohorts.change_subgroup"),
    "report": _reports,
    "cohort": _cohorts,
}
