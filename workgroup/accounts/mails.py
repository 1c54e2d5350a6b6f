"""The mails about a password, put into the outbox in the person's own language."""

import secrets
from collections.abc import Mapping

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_security.recoverable import reset_password_token_status

from workgroup import clock, letters, mail
from workgroup.accounts.models import User
from workgroup.database import reading_only
from workgroup.jobs.schedule import OutdatedError, Payload

# Flask-Security's template → ours, and the subject.
LETTERS: Mapping[str, tuple[str, LazyString]] = {
    "security/email/reset_instructions": (
        "new_password",
        _l("Set a new password for Workgroup"),
    ),
    "security/email/reset_notice": (
        "password_reset",
        _l("Your password for Workgroup was reset"),
    ),
    "security/email/change_notice": (
        "password_changed",
        _l("Your password for Workgroup was changed"),
    ),
}


def send(occasion: str, person: User, link: str = "") -> None:
    """Put a mail about a person's password into the outbox.

    Args:
        occasion: the name of Flask-Security's template for it.
        person: whom it is for.
        link: where to set a new password, if one was requested.
    """
    template, subject = LETTERS[occasion]
    reader = letters.Reader(person.email, person.language, person.time_zone)
    with letters.written_for(reader):
        letters.send(
            template,
            reader,
            str(subject),
            {
                "at": clock.now(),
                "link": link or url_for("security.forgot_password", _external=True),
            },
            key=f"password-{secrets.token_hex(16)}",
            about=mail.About("password_link", {"link": link}) if link else None,
        )


def refresh(about: Payload) -> Payload:
    """Let the mail with a link to a new password go out as it is while the link works.

    Raises:
        OutdatedError: its 30 minutes are over, or the password was changed.
    """
    token = about["link"].rpartition("/")[2]
    with reading_only():
        status = reset_password_token_status(token)  # type: ignore[no-untyped-call]
    expired, invalid, user = status
    if expired or invalid or user is None:
        raise OutdatedError
    return {}


PASSWORD_LINK = mail.Sort(refresh)
