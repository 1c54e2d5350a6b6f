"""Who may open a section's live text, and what its log contains. Nothing here changes anything."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from workgroup import i18n
from workgroup.accounts import queries as accounts
from workgroup.accounts.models import SIGN_IN_LASTS, SignIn, User
from workgroup.cohorts.attribution import Mode, Shown, Surface
from workgroup.cohorts.models import PERSON, Cohort, Membership
from workgroup.cohorts.naming import Naming
from workgroup.cohorts.roles import Permission
from workgroup.database import db
from workgroup.drafting.models import Report, Section
from workgroup.live import topics
from workgroup.textlog import queries as textlog
from workgroup.textlog.models import Snapshot, Stream
from workgroup.textlog.protocol import Close, Hello, Reset


@dataclass(frozen=True, slots=True)
class SeatRequest:
    """What a socket asks for: to edit a section of a cohort, with a session's sign-in."""

    key: str  # of the sign-in, from the cookie
    slug: str
    section_id: int


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's right to be at a section, with what others may know of him or her."""

    user_id: int
    stream_id: int
    language: str
    shown: Mapping[str, Shown]  # to the others, by their language
    own: Shown  # to the person alone
    may_edit: bool
    cohort_id: int
    modes: Mapping[Surface, Mode]  # how the cohort names people
    # Topics of threads that only some people see, this one among them.
    circles: tuple[str, ...]
    until: datetime  # when the sign-in ends by itself


@dataclass(frozen=True, slots=True)
class Arrival:
    """What an arriving editor needs, from one read of the log."""

    standing: textlog.Standing
    reset: Reset | None
    acked: list[int]
    snapshot: Snapshot | None


@dataclass(frozen=True, slots=True)
class Unseen:
    """Rows that another process stored, and whom their writers belong to."""

    rows: list[textlog.StoredRow]
    owners: dict[int, int | None]  # client id → person, none for the server


def last_rows(stream_ids: Collection[int]) -> dict[int, int]:
    """Return each stream's last number (one query)."""
    last = select(Stream.id, Stream.last_seq).where(Stream.id.in_(stream_ids))
    return dict(db.session.execute(last).all())


def unseen(stream_id: int, seq: int, limit: int) -> Unseen:
    """Read the next rows after a number."""
    rows = textlog.rows_after(stream_id, seq, limit=limit)
    return Unseen(rows, textlog.writers(stream_id))


def is_signed_in(key: str) -> bool:
    """Return whether the sign-in of a cookie's key still counts."""
    return accounts.find_signed_in(key) is not None


def why_not(key: str) -> Close:
    """Return why a person may not edit: without a sign-in that counts, that is the reason."""
    return Close.FORBIDDEN if is_signed_in(key) else Close.SIGNED_OUT


def find_seat(request: SeatRequest) -> Seat | None:
    """Return the seat of a present member; none for a stranger, as for a section that does not exist."""
    found = db.session.execute(
        select(Membership, Section.stream_id, SignIn.began_at)
        .join(Membership.cohort)
        .join(Membership.user)
        .join(SignIn, SignIn.user_id == User.id)
        .join(Report, Report.cohort_id == Cohort.id)
        .join(Section, Section.report_id == Report.id)
        .options(*PERSON, joinedload(Membership.cohort))
        .execution_options(populate_existing=True)
        .where(
            *accounts.is_living(request.key),
            Cohort.slug == request.slug,
            Section.id == request.section_id,
            Membership.ended_at.is_(None),
        )
    ).first()
    if found is None:
        return None
    member: Membership = found.Membership
    others, own = (Naming.of(member.cohort, who) for who in (None, member.user_id))
    language = i18n.offered(member.user.language)
    return Seat(
        user_id=member.user_id,
        stream_id=found.stream_id,
        language=language,
        shown=i18n.in_each_language(lambda: others.shown(member, Surface.LIVE)),
        own=i18n.in_each_language(lambda: own.shown(member, Surface.LIVE))[language],
        may_edit=member.may(Permission.EDIT),
        cohort_id=member.cohort_id,
        modes=member.cohort.modes,
        circles=topics.of_circles(
            found.stream_id, member.delegation_id, member.subgroup_id
        ),
        until=found.began_at + SIGN_IN_LASTS,
    )


def hold_names(stream_ids: Collection[int]) -> dict[int, Mapping[Surface, Mode]]:
    """Return by stream how people are named, and keep it so until the transaction ends.

    For new writers: a change that shows more names then either finds them or comes before them.
    """
    if not stream_ids:
        return {}
    rows = db.session.execute(
        select(Section.stream_id, Cohort)
        .join(Report, Report.cohort_id == Cohort.id)
        .join(Section, Section.report_id == Report.id)
        .where(Section.stream_id.in_(stream_ids))
        .order_by(Cohort.id)
        .with_for_update(read=True, of=Cohort)
        .execution_options(populate_existing=True)
    )
    return {row.stream_id: row.Cohort.modes for row in rows}


def has_section(stream_id: int) -> bool:
    """Return whether a text is still that of a section; one that was removed leaves its text."""
    found = select(Section.id).where(Section.stream_id == stream_id)
    return db.session.scalar(found) is not None


def who_froze(stream_id: int) -> dict[str, str]:
    """Return language → the name of who froze a text, as everybody there may see it; else empty."""
    found = db.session.execute(
        select(Membership)
        .join(Membership.cohort)
        .join(Report, Report.cohort_id == Cohort.id)
        .join(Section, Section.report_id == Report.id)
        .join(Stream, Stream.id == Section.stream_id)
        .options(*PERSON, joinedload(Membership.cohort))
        .where(
            Stream.id == stream_id,
            Membership.user_id == Stream.frozen_by_id,
            # With the delegation that he or she had then.
            Membership.joined_at <= Stream.frozen_at,
        )
        .order_by(Membership.id.desc())
        .limit(1)
    ).scalar()
    if found is None or found.cohort.names_history is Mode.NONE:
        return {}
    naming = Naming.of(found.cohort, None)
    return i18n.in_each_language(lambda: naming.shown(found, Surface.HISTORY).text)


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
