"""Mail at the last step: handed to SMTP when configured, else to files in the instance."""

import smtplib
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app

SMTP_TIMEOUT = 20  # seconds


def deliver(payload: dict[str, Any]) -> None:
    """Deliver one mail: ``to``, ``subject``, ``body`` and a ``key`` that names it for good.

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
    message.set_content(payload["body"])
    if config["SMTP_URL"]:
        _send(message, config["SMTP_URL"])
    else:
        _keep(message, payload["key"])


def _send(message: EmailMessage, url: str) -> None:
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=SMTP_TIMEOUT)
    else:
        server = smtplib.SMTP(host, port or 587, timeout=SMTP_TIMEOUT)
    with server:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _keep(message: EmailMessage, key: str) -> None:
    folder = current_app.config["INSTANCE"] / "mail"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{key}.eml"
    path.touch(mode=0o600)
    path.write_bytes(message.as_bytes())
