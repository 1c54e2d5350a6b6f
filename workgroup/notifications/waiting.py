"""Which notices are waiting for a mail, and whose mail is due. Nothing here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    String,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from workgroup import mail
from workgroup.accounts.models import User
from workgroup.database import db
from workgroup.notifications.catalogue import STILL_ASKED, VOTING, mailed
from workgroup.notifications.concerned import Event
from workgroup.notifications.kinds import FORMAT, Delivery, MailState, NoticeKind
from workgroup.notifications.models import Digest, Notice, Preference
from workgroup.notifications.queries import UNREAD, WITH_WORDS, Shown, chosen_deliveries
from workgroup.notifications.timing import (
    FORGOTTEN,
    GATHERING,
    SHOWN_AS_GIVEN_UP,
    last_morning,
)

Rows = TypeVar("Rows", bound=Select[*tuple[Any, ...]])

KEY = "notices-"  # of a mail, and then the number of its first notice
# What a later program has written is that program's to mail.
WAITING = and_(Notice.mail == MailState.WAITING, Notice.format <= FORMAT)


@dataclass(frozen=True)
class Group:
    """The waiting notices of one kind for one person."""

    user_id: int
    kind: NoticeKind


@dataclass(frozen=True)
class Morning:
    """A digest that is due: with what happened before a time, for a day of the reader's calendar."""

    user_id: int
    at: datetime


def wanted(delivery: Delivery) -> ColumnElement[bool]:
    """Pick the notices that their readers want in this way; joined: ``Preference``."""
    return or_(
        Preference.delivery == delivery,
        and_(Preference.delivery.is_(None), Notice.kind.in_(mailed(delivery))),
    )


def _with_preference(rows: Rows) -> Rows:
    return rows.outerjoin(
        Preference,
        and_(Preference.user_id == Notice.user_id, Preference.kind == Notice.kind),
    )


def due_at_once(now: datetime) -> list[Group]:
    """Return whose mail of which kind is due now (one query).

    The first one is sent at once; those of the next ten minutes are collected into one mail, and
    so are those that come while an earlier mail has not left yet, since no mail server takes it.
    """
    rows = db.session.execute(
        _with_preference(select(Notice.user_id, Notice.kind).distinct())
        .where(
            WAITING,
            wanted(Delivery.AT_ONCE),
            ~_has_just_left_or_waits(Notice.user_id, Notice.kind, now),
        )
        .order_by(Notice.user_id, Notice.kind)
    )
    return [Group(user_id, kind) for user_id, kind in rows]


def is_due_at_once(group: Group, now: datetime) -> bool:
    """Return whether the last mail of a kind left ten minutes ago; ask it under the lock (one query)."""
    user_id, kind = literal(group.user_id), literal(group.kind, Notice.kind.type)
    return not db.session.scalar(select(_has_just_left_or_waits(user_id, kind, now)))


def _has_just_left_or_waits(
    user_id: SQLColumnExpression[int],
    kind: SQLColumnExpression[NoticeKind],
    now: datetime,
) -> ColumnElement[bool]:
    earlier = aliased(Notice)
    key = literal(KEY).concat(cast(earlier.id, String))
    waits = and_(earlier.mailed_at > now - mail.TRIED_FOR, mail.is_in_outbox(key))
    return exists().where(
        earlier.user_id == user_id,
        earlier.kind == kind,
        or_(earlier.mailed_at > now - GATHERING, waits),
    )


def due_mornings(now: datetime) -> list[Morning]:
    """Return whose digest is due, because it is past 07:00 in the reader's zone (two queries)."""
    rows = db.session.execute(
        _with_preference(select(Notice.user_id, User.time_zone, func.min(Notice.at)))
        .join(User, User.id == Notice.user_id)
        .where(WAITING, wanted(Delivery.DAILY))
        .group_by(Notice.user_id, User.time_zone)
    ).all()
    due = []
    for user_id, zone_name, oldest in rows:
        zone = ZoneInfo(zone_name)
        morning = last_morning(now, zone)
        if oldest < morning:
            due.append((Morning(user_id, morning), morning.astimezone(zone).date()))
    done = set(
        db.session.execute(
            select(Digest.user_id, Digest.day).where(
                Digest.user_id.in_([morning.user_id for morning, _ in due])
            )
        ).all()
    )
    return [morning for morning, day in due if (morning.user_id, day) not in done]


def unwanted(limit: int) -> Sequence[int]:
    """Return some of the waiting notices that their readers do not want by mail."""
    found = _with_preference(select(Notice.id)).where(WAITING, wanted(Delivery.OFF))
    return db.session.scalars(found.limit(limit)).all()


def under_lock(user_id: int, *conditions: ColumnElement[bool]) -> Sequence[int]:
    """Return a person's waiting notices and lock them against other workers."""
    return db.session.scalars(
        select(Notice.id)
        .where(WAITING, Notice.user_id == user_id, *conditions)
        .order_by(Notice.id)
        .with_for_update()
    ).all()


def kinds_wanted(user_id: int, delivery: Delivery) -> set[NoticeKind]:
    """Return the kinds that a person wants in this way (one query)."""
    chosen = chosen_deliveries(user_id)
    usual = mailed(delivery)
    return {
        kind
        for kind in NoticeKind
        if (chosen[kind] is delivery if kind in chosen else kind in usual)
    }


def worth_mailing(ids: Sequence[int], now: datetime) -> list[Shown]:
    """Return those of the notices that their readers may see and have not acted upon.

    One query, and one for each notice that asks for something.
    """
    rows = db.session.execute(
        WITH_WORDS.where(
            Notice.id.in_(ids), UNREAD, Notice.at > now - FORGOTTEN
        ).order_by(Notice.id)
    )
    found = [Shown(*row) for row in rows]
    return [shown for shown in found if _is_still_asked(shown, now)]


@dataclass(frozen=True)
class GivenUp:
    """The mails about a cohort's notices that could not be delivered lately."""

    number: int = 0
    current: tuple[str, ...] = ()  # the keys of those that still have something to send


def given_up(cohort_id: int, now: datetime) -> GivenUp:
    """Return which mails with notices of a cohort were given up (one query, and more for each)."""
    number, current = 0, []
    for key, about in mail.given_up("notices", now - SHOWN_AS_GIVEN_UP).items():
        ids = about["notices"]
        if cohort_id not in _cohorts_of(ids):
            continue
        number += 1
        if worth_mailing(ids, now):
            current.append(key)
    return GivenUp(number, tuple(current))


def _cohorts_of(ids: Sequence[int]) -> set[int]:
    found = select(Notice.cohort_id).where(Notice.id.in_(ids)).distinct()
    return set(db.session.scalars(found))


def _is_still_asked(shown: Shown, now: datetime) -> bool:
    notice = shown.notice
    if notice.kind in VOTING and (shown.closes_at is None or shown.closes_at <= now):
        return False
    still = STILL_ASKED.get(notice.kind)
    if still is None:
        return True
    event = Event(
        cause=notice.cause,
        actor_id=notice.actor_id,
        cohort_id=notice.cohort_id,
        at=notice.at,
        section_id=notice.section_id,
        ballot_id=notice.ballot_id,
    )
    return notice.user_id in still(event)
