"""Who may sit down at a section, and what its log holds. Nothing here changes anything."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from workgroup.accounts import queries as accounts
from workgroup.accounts.models import SignIn, User
from workgroup.cohorts.models import Cohort, Delegation, Membership
from workgroup.cohorts.roles import Permission, permissions
from workgroup.database import db
from workgroup.drafting.models import Report, Section
from workgroup.textlog import queries as textlog
from workgroup.textlog.models import Snapshot, Stream
from workgroup.textlog.protocol import Hello, Reset


@dataclass(frozen=True, slots=True)
class Place:
    """What a socket asks for: a session's person at a section of a cohort."""

    key: str  # of the sign-in, from the cookie
    slug: str
    section_id: int


@dataclass(frozen=True, slots=True)
class Seat:
    """A person at a section, as far as others may know."""

    user_id: int
    stream_id: int
    name: str
    code: str  # of the delegation; empty for staff
    may_edit: bool
    cohort_id: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """What an arriving editor must be told, from one look at the log."""

    standing: textlog.Standing
    reset: Reset | None
    acked: list[int]
    snapshot: Snapshot | None


@dataclass(frozen=True, slots=True)
class Unseen:
    """Rows that another process stored, and whose writers they are."""

    rows: list[textlog.StoredRow]
    owners: dict[int, int | None]  # client id → person, none for the server


def last_rows(stream_ids: Collection[int]) -> dict[int, int]:
    """Give each stream's last number (one query)."""
    last = select(Stream.id, Stream.last_seq).where(Stream.id.in_(stream_ids))
    return dict(db.session.execute(last).all())


def unseen(stream_id: int, seq: int, limit: int) -> Unseen:
    """Read the next rows behind a number."""
    rows = textlog.rows_after(stream_id, seq, limit=limit)
    return Unseen(rows, textlog.writers(stream_id))


def is_signed_in(key: str) -> bool:
    """Say whether the sign-in of a cookie's key still counts."""
    return accounts.find_signed_in(key) is not None


def find_seat(place: Place) -> Seat | None:
    """Give the seat of a living member; a stranger's is like one that never was."""
    found = db.session.execute(
        select(
            User.id,
            User.printed_name,
            User.email,
            Membership.roles,
            Membership.cohort_id,
            Delegation.code,
            Section.stream_id,
        )
        .select_from(Membership)
        .join(Cohort, Membership.cohort_id == Cohort.id)
        .join(User, Membership.user_id == User.id)
        .join(SignIn, SignIn.user_id == User.id)
        .join(Report, Report.cohort_id == Cohort.id)
        .join(Section, Section.report_id == Report.id)
        .outerjoin(Delegation, Membership.delegation_id == Delegation.id)
        .where(
            *accounts.is_living(place.key),
            Cohort.slug == place.slug,
            Section.id == place.section_id,
            Membership.ended_at.is_(None),
        )
    ).first()
    if found is None:
        return None
    return Seat(
        user_id=found.id,
        stream_id=found.stream_id,
        name=found.printed_name or found.email,
        code=found.code or "",
        may_edit=Permission.EDIT in permissions(found.roles),
        cohort_id=found.cohort_id,
    )


def arrival(stream_id: int, hello: Hello) -> Arrival | None:
    """Compare what an editor holds with the log (four short queries)."""
    standing = textlog.standing(stream_id)
    if standing is None:
        return None
    acked = textlog.last_numbers(stream_id, hello.writers)
    return Arrival(
        standing=standing,
        reset=_reset(stream_id, standing, hello),
        acked=[acked.get(client_id, 0) for client_id in hello.writers],
        snapshot=None
        if hello.have
        else textlog.latest_snapshot(stream_id, standing.epoch),
    )


def _reset(stream_id: int, standing: textlog.Standing, hello: Hello) -> Reset | None:
    if not hello.have:
        return None
    if hello.epoch != standing.epoch:
        return Reset.EPOCH
    if hello.have > standing.last_seq:
        return Reset.AHEAD
    if textlog.tag_at(stream_id, hello.have) != hello.tag:
        return Reset.TAG
    return None
