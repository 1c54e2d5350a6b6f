"""The outbox, and its delivery: by SMTP if configured, else to files in the instance."""

import secrets
import smtplib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app
from sqlalchemy import ColumnElement, literal

from workgroup.database import end_transaction
from workgroup.headers import WIRE, ascii_address, sender
from workgroup.jobs import queries
from workgroup.jobs import services as jobs
from workgroup.jobs.models import Job
from workgroup.jobs.schedule import Kind, Payload, Task

SMTP_TIMEOUT = 20  # seconds that the mail server has for each answer
JOB_KEY = "mail:"  # before the mail's own key

# Pauses between tries. Most failures are short, so it is tried again soon at first, and then
# ever more rarely, for 23 hours and 51 minutes in all: a mail server that is down is usually
# back within a day.
PAUSES = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 420, 540)
)

TRIED_FOR = sum(
    PAUSES, timedelta(hours=1)
)  # at the longest, with some time for the tries


@dataclass(frozen=True)
class Sort:
    """What is asked before each try to deliver mails of one sort: they may have waited for a day.

    ``app.py`` lists the sorts, since what they ask belongs to the features.
    """

    # Returns what is to be sent now, where it differs from what was written; it raises
    # OutdatedError if nothing of the mail is still true, or allowed to be known.
    refresh: Callable[[Payload], Payload]
    gave_up: Callable[[Payload], None] | None = None  # in the same transaction


@dataclass(frozen=True)
class About:
    """What a mail is about, as plain values for its sort."""

    sort: str
    values: Payload


def init_app(app: Flask) -> None:
    """Let templates ask whether this server sends e-mail."""
    app.context_processor(lambda: {"mail_leaves": leaves()})


def leaves() -> bool:
    """Return whether mail goes to people, rather than to files that only the operator reads."""
    return bool(current_app.config["SMTP_URL"])


def send(
    to: str,
    subject: str,
    body: str,
    *,
    html: str = "",
    key: str | None = None,
    about: About | None = None,
) -> Job:
    """Put a mail into the outbox; after the commit the worker delivers it.

    Args:
        to: one address.
        subject: one line.
        body: plain text.
        html: the same as HTML.
        key: names the mail, if it must not be sent twice or its delivery will be looked up.
        about: what may change before it is delivered.
    """
    key = key or secrets.token_hex(16)
    payload = {
        "to": to,
        **_asked(about),
        "subject": subject,
        "body": body,
        "html": html,
        "key": key,
    }
    return jobs.enqueue("mail", payload, key=_job_key(key))


def send_as_of_delivery(to: str, about: About, *, key: str) -> Job:
    """Put a mail into the outbox that its sort writes only when it leaves."""
    payload = {"to": to, **_asked(about), "key": key}
    return jobs.enqueue("mail", payload, key=_job_key(key))


def _asked(about: About | None) -> Payload:
    return {"sort": about.sort, "about": about.values} if about else {}


def undelivered(keys: dict[str, int]) -> dict[int, bool]:
    """Return which mails have failed so far, and whether they were given up.

    Args:
        keys: what ``send`` was given, with a number for each to answer by.
    """
    found = queries.failing([_job_key(key) for key in keys])
    return {
        number: found[_job_key(key)]
        for key, number in keys.items()
        if _job_key(key) in found
    }


def is_in_outbox(key: ColumnElement[str]) -> ColumnElement[bool]:
    """Pick the rows of a query whose mail, by its key, has neither left nor been given up."""
    return queries.is_under_way(literal(JOB_KEY).concat(key))


def given_up(sort: str, since: datetime) -> dict[str, Payload]:
    """Return what the mails of a sort are about that were given up after a moment, by their keys."""
    return {
        job.payload["key"]: job.payload["about"]
        for job in queries.given_up_since("mail", since)
        if job.payload.get("sort") == sort
    }


def try_again(key: str) -> bool:
    """Try a mail that was given up for another day; return False if it was not given up."""
    job = queries.find_job(_job_key(key))
    return job is not None and jobs.revive(job)


def _job_key(key: str) -> str:
    return JOB_KEY + key


def deliver(payload: dict[str, Any]) -> None:
    """Deliver one mail: what ``send`` was given, or what its sort returned, such as headers.

    The Message-ID is derived from the key: if a mail is sent twice after a crash, receiving
    programs treat both as one.
    """
    config = current_app.config
    message = EmailMessage(policy=WIRE)
    message["From"] = sender(config["MAIL_FROM"])
    message["To"] = ascii_address(payload["to"])
    message["Subject"] = payload["subject"]
    message["Date"] = formatdate(localtime=False)
    [author] = message["From"].addresses
    message["Message-ID"] = f"<{payload['key']}@{author.domain}>"
    # No machine is to answer: the standard's word for it, and that of Exchange, which
    # knows the standard's not. `Precedence: bulk` would say that it may be thrown away.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    for name, value in payload.get("headers", {}).items():
        message[name] = value
    message.set_content(payload["body"])
    if payload.get("html"):
        message.add_alternative(payload["html"], subtype="html")
    if config["SMTP_URL"]:
        _send(message, config["SMTP_URL"])
    else:
        _keep(message, payload["key"])


def _run(task: Task) -> None:
    payload, sort = task.payload, _sort_of(task.payload)
    if sort:
        payload |= sort.refresh(payload["about"])
        end_transaction()  # the mail server may take its time
    deliver(payload)


def _gave_up(payload: Payload, _error: str) -> None:
    sort = _sort_of(payload)
    if sort and sort.gave_up:
        sort.gave_up(payload["about"])


def _sort_of(payload: Payload) -> Sort | None:
    sorts: Mapping[str, Sort] = current_app.extensions["mails"]
    return sorts[payload["sort"]] if "sort" in payload else None


KIND = Kind(
    run=_run,
    pauses=PAUSES,
    max_starts=len(PAUSES) + 1,
    # A mail may contain a secret link, of which the database otherwise keeps only a hash: so
    # the text is deleted once the mail has been sent.
    kept=frozenset({"to", "key"}),
    can_be_revived=True,
    gave_up=_gave_up,
)


def trouble() -> str:
    """Return why no mail can be sent now, or nothing (takes seconds: it asks the mail server)."""
    try:
        with _connected(current_app.config["SMTP_URL"]) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return type(error).__name__
    return ""


def _send(message: EmailMessage, url: str) -> None:
    with _connected(url) as server:
        server.send_message(message)


@contextmanager
def _connected(url: str) -> Iterator[smtplib.SMTP]:
    """Greet the mail server and sign in."""
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=SMTP_TIMEOUT)
    else:
        server = smtplib.SMTP(host, port or 587, timeout=SMTP_TIMEOUT)
    try:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server
        # The mail is delivered by now. An error while closing the connection must not count
        # as a failure, or the mail would be sent again.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
    finally:
        server.close()


def _keep(message: EmailMessage, key: str) -> None:
    folder = current_app.config["INSTANCE"] / "mail"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{key}.eml"
    path.touch(mode=0o600)
    path.write_bytes(message.as_bytes())
