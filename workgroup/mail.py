"""The outbox, and mail at its last step: by SMTP when configured, else files in the instance."""

import secrets
import smtplib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app

from workgroup.jobs import queries
from workgroup.jobs import services as jobs
from workgroup.jobs.models import Job
from workgroup.jobs.schedule import Kind, Task

LONGEST_LINE = 998  # bytes that SMTP takes
SMTP_TIMEOUT = 20  # seconds that the server has for each answer

# A mail server that is down is usually back within the day: soon at first, since most
# troubles are short, then rarely; 23 hours and 51 minutes in all.
PAUSES = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 420, 540)
)


def init_app(app: Flask) -> None:
    """Let templates ask whether this server sends e-mail."""
    app.context_processor(lambda: {"mail_leaves": leaves()})


def leaves() -> bool:
    """Return whether mail goes out to people, or to files that the operator alone reads."""
    return bool(current_app.config["SMTP_URL"])


def send(
    to: str,
    subject: str,
    body: str,
    *,
    html: str = "",
    headers: Mapping[str, str] | None = None,
    key: str | None = None,
) -> Job:
    """Write a mail into the outbox; it leaves after the commit, by the worker.

    Args:
        to: one address.
        subject: one line.
        body: plain text.
        html: the same for programs that show HTML.
        headers: beside those that every mail has.
        key: names the mail for good, where it must not leave twice or is asked for again.
    """
    key = key or secrets.token_hex(16)
    payload = {
        "to": to,
        "subject": subject,
        "body": body,
        "html": html,
        "headers": dict(headers or {}),
        "key": key,
    }
    return jobs.enqueue("mail", payload, key=_job_key(key))


def undelivered(keys: dict[str, int]) -> dict[int, bool]:
    """Return whose mail has not left although it was tried, and whether it was given up.

    Args:
        keys: what ``send`` was given, with a number for each to answer by.
    """
    found = queries.failing([_job_key(key) for key in keys])
    return {
        number: found[_job_key(key)]
        for key, number in keys.items()
        if _job_key(key) in found
    }


def try_again(key: str) -> bool:
    """Try a mail that was given up for another day; return False where none was."""
    job = queries.find_job(_job_key(key))
    return job is not None and jobs.revive(job)


def _job_key(key: str) -> str:
    return f"mail:{key}"


def deliver(payload: dict[str, Any]) -> None:
    """Deliver one mail: what ``send`` was given, under a ``key`` that names it for good.

    The message's id comes from the key, so that a mail that goes out twice after a
    crash is one mail to the programs that receive it.
    """
    config = current_app.config
    message = EmailMessage()
    message["From"] = config["MAIL_FROM"]
    message["To"] = payload["to"]
    message["Subject"] = payload["subject"]
    message["Date"] = formatdate(localtime=False)
    domain = config["MAIL_FROM"].rpartition("@")[2]
    message["Message-ID"] = f"<{payload['key']}@{domain}>"
    # No machine is to answer: the standard's word for it, and that of Exchange, which
    # knows the standard's not. `Precedence: bulk` would say that it may be thrown away.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    for name, value in payload.get("headers", {}).items():
        message[name] = value
    message.set_content(payload["body"])
    if payload.get("html"):
        message.add_alternative(payload["html"], subtype="html")
    _fold_safely(message)
    if config["SMTP_URL"]:
        _send(message, config["SMTP_URL"])
    else:
        _keep(message, payload["key"])


def _fold_safely(message: EmailMessage) -> None:
    """Write long headers on one line where Python would lose spaces by folding them.

    It drops a space between two words that both need encoding, as in “Women’s work”.
    """
    written = message_from_bytes(message.as_bytes(), policy=policy.default)
    if written["Subject"] != message["Subject"]:
        message.policy = message.policy.clone(max_line_length=LONGEST_LINE)


def _run(task: Task) -> None:
    deliver(task.payload)


KIND = Kind(
    run=_run,
    pauses=PAUSES,
    max_starts=len(PAUSES) + 1,
    # A mail may hold a link that opens a door, of which the database otherwise keeps
    # the hash alone: once it has left, its words are forgotten.
    kept=frozenset({"to", "key"}),
    can_be_revived=True,
)


def trouble() -> str:
    """Return why no mail can leave now, or nothing (seconds: it asks the mail server)."""
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
        # It is delivered now. A server that says no proper goodbye must not make this
        # a failure: the mail would be sent again.
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
