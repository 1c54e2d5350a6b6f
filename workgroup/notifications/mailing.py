"""Mail about notices: right away, or each morning. Entry points commit.

A notice is marked as sent in the transaction that puts its mail into the outbox, under a key
that is unique for this mail. So none is left out and none is sent twice.

A mail holds the numbers of its notices only, and is written when it leaves, with those that
are still true then and that its reader may still see.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from workgroup import clock, letters, mail
from workgroup.accounts import queries as accounts
from workgroup.accounts.models import User
from workgroup.database import db
from workgroup.errors import DomainError
from workgroup.jobs.schedule import Payload
from workgroup.notifications import labels, services, waiting
from workgroup.notifications.kinds import Delivery, MailState, NoticeKind
from workgroup.notifications.lines import Line, line
from workgroup.notifications.models import Digest, Notice, UnsubscribeToken
from workgroup.notifications.queries import Shown
from workgroup.notifications.waiting import Group, Morning

TOKEN_BYTES = 32


class NothingToSendError(DomainError):
    """No mail about notices can be sent again."""


@dataclass(frozen=True)
class Envelope:
    """What a mail contains besides its notices."""

    key: str
    kind: NoticeKind | None  # that its link unsubscribes from; none: the daily e-mail


def send_at_once(group: Group) -> None:
    """Put one mail with all waiting notices of a kind for a person into the outbox.

    Another worker may have done so since these were found, and others may have come: they
    wait for the next mail of their kind.
    """
    ids = waiting.under_lock(group.user_id, Notice.kind == group.kind)
    if ids and waiting.is_due_at_once(group, clock.now()):
        _send(group.user_id, ids, Envelope(f"{waiting.KEY}{ids[0]}", group.kind))


def send_digest(morning: Morning) -> None:
    """Put a person's digest of one morning into the outbox, unless that day has had one."""
    person = accounts.find_person(morning.user_id)
    kinds = waiting.kinds_wanted(morning.user_id, Delivery.DAILY)
    ids = waiting.under_lock(
        morning.user_id, Notice.kind.in_(kinds), Notice.at < morning.at
    )
    if person is None or not ids:
        return
    day = morning.at.astimezone(ZoneInfo(person.time_zone)).date()
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    first = db.session.scalars(
        insert(Digest)
        .values(user_id=morning.user_id, day=day)
        .on_conflict_do_nothing()
        .returning(Digest.user_id)
    ).all()
    if first:
        key = f"digest-{morning.user_id}-{day.isoformat()}"
        _send(morning.user_id, ids, Envelope(key, None))


def skip_mail(ids: Sequence[int]) -> None:
    """Mark notices as not to be mailed."""
    _mark(ids, MailState.NONE)


def stop(token: UnsubscribeToken) -> None:
    """Unsubscribe from what a mail's link is for, and nothing else. Safe to repeat."""
    kinds = (
        {token.kind}
        if token.kind
        else waiting.kinds_wanted(token.user_id, Delivery.DAILY)
    )
    if kinds:
        services.choose(token.user_id, dict.fromkeys(kinds, Delivery.OFF))
    token.used_at = clock.now()


def _send(user_id: int, ids: Sequence[int], envelope: Envelope) -> None:
    person = accounts.find_person(user_id)
    shown = _still_for(person, ids)
    _settle(ids, shown)
    if person is None or not shown:
        return
    stop = url_for(
        "notifications.unsubscribe",
        token=_new_token(person.id, envelope.kind),
        _external=True,
    )
    about = {
        "person": person.id,
        "notices": [one.notice.id for one in shown],
        "kind": envelope.kind,
        "stop": stop,
    }
    mail.send_as_of_delivery(
        person.email, mail.About("notices", about), key=envelope.key
    )


def write_now(about: Payload) -> Payload:
    """Write a mail with those of its notices that are still true.

    The others are marked as not mailed; if none is left, the mail is empty.
    """
    person, ids = accounts.find_person(about["person"]), about["notices"]
    shown = _still_for(person, ids)
    off = waiting.kinds_wanted(about["person"], Delivery.OFF)
    shown = [one for one in shown if one.notice.kind not in off]
    _settle(ids, shown)
    kind = NoticeKind(about["kind"]) if about["kind"] else None
    return _written(person, shown, kind, about["stop"]) if person and shown else {}


def give_up(about: Payload) -> None:
    """Mark the notices of a mail that could not be delivered as not mailed."""
    skip_mail(about["notices"])


def try_again(cohort_id: int) -> int:
    """Try the mails about a cohort's notices again that were given up; return how many.

    Raises:
        NothingToSendError: no mail leaves, or nothing in them is still true.
    """
    if not mail.leaves():
        raise NothingToSendError(
            _("This server does not send e-mail now. Please tell your operator.")
        )
    found = waiting.given_up(cohort_id, clock.now())
    number = sum(mail.try_again(key) for key in found.current)
    if not number:
        raise NothingToSendError(
            _(
                "There is no e-mail left to send again. The notices are on each person’s Notices page."
            )
        )
    return number


def _still_for(person: User | None, ids: Sequence[int]) -> list[Shown]:
    if person is None or not person.active:
        return []
    return waiting.worth_mailing(ids, clock.now())


def _settle(ids: Sequence[int], shown: Sequence[Shown]) -> None:
    """Mark the notices that are shown in a mail as sent now, and the others as not.

    At each try again, so that what came meanwhile is collected for ten minutes from then on.
    """
    sent = [one.notice.id for one in shown]
    _mark(sent, MailState.SENT)
    skip_mail([number for number in ids if number not in sent])


def _written(
    person: User, shown: Sequence[Shown], kind: NoticeKind | None, stop: str
) -> Payload:
    reader = letters.Reader(person.email, person.language, person.time_zone)
    with letters.written_for(reader):
        lines = [line(one, absolute=True) for one in shown]
        written = letters.write(
            "notices",
            reader,
            _subject(lines, shown, kind),
            {
                "lines": lines,
                "kind": labels.KINDS[kind] if kind else None,
                "choose": url_for("accounts.profile", _anchor="mail", _external=True),
                "stop": stop,
            },
        )
    headers = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return {**written, "headers": headers}


def _subject(
    lines: Sequence[Line], shown: Sequence[Shown], kind: NoticeKind | None
) -> str:
    cohorts = {one.cohort.name for one in shown}
    where = cohorts.pop() if len(cohorts) == 1 else _("Workgroup")
    if len(lines) == 1:
        return f"{where}: {lines[0].sentence}"
    if kind is None:
        return str(_("%(where)s: unread notices", where=where))
    many = ngettext(
        "%(where)s: one new notice",
        "%(where)s: %(num)s new notices",
        len(lines),
        where=where,
    )
    return str(many)


def _mark(ids: Sequence[int], state: MailState) -> None:
    if not ids:
        return
    at = clock.now() if state is MailState.SENT else None
    db.session.execute(
        update(Notice)
        .where(Notice.id.in_(ids))
        .values(mail=state, mailed_at=at)
        .execution_options(synchronize_session=False)
    )


def _new_token(user_id: int, kind: NoticeKind | None) -> str:
    """Return the secret for an unsubscribe link; only its hash is stored."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.session.add(
        UnsubscribeToken(
            token_hash=digest(token),
            user_id=user_id,
            kind=kind,
            created_at=clock.now(),
        )
    )
    return token


def digest(token: str) -> str:
    """Return the stored form of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
