"""Every setting of an installation, read once from ``WORKGROUP_*``."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from email.errors import MessageError
from email.utils import getaddresses
from pathlib import Path
from urllib.parse import urlsplit

from click import ClickException

from workgroup.addresses import origin_of, plain_name
from workgroup.headers import sender

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class SettingError(ClickException):
    """A setting is wrong; the message names it and what it must be.

    Commands show a ClickException as one line.
    """


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings; upper case is Flask's convention: it copies only those."""

    INSTANCE: Path  # WORKGROUP_INSTANCE: where all data lives
    SECRET_KEY: str  # made once in the instance (mode 0600) when none is set
    SQLALCHEMY_DATABASE_URI: str  # WORKGROUP_DATABASE_URL, else SQLite in the instance
    PUBLIC_URL: (
        str  # WORKGROUP_PUBLIC_URL: the address that people type, "" on loopback
    )
    HOST: str
    PORT: int
    HOSTS: frozenset[str]  # the names that requests may carry, IPv6 without brackets
    PROXIES: int  # WORKGROUP_PROXIES: how many reverse proxies stand in front
    SMTP_URL: str  # WORKGROUP_SMTP_URL; without it mail goes to files in the instance
    MAIL_FROM: str
    SESSION_COOKIE_SECURE: bool
    # What creating one PDF may use. CPU time measures how much work a report is. Real time
    # also measures how busy the machine is, so its limit only ends a child that hangs.
    EXPORT_CPU_SECONDS: int  # WORKGROUP_EXPORT_CPU_SECONDS
    EXPORT_WALL_MINUTES: int  # WORKGROUP_EXPORT_WALL_MINUTES
    EXPORT_MEMORY_MB: int  # WORKGROUP_EXPORT_MEMORY_MB: of address space
    SESSION_COOKIE_HTTPONLY: bool = True
    SESSION_COOKIE_SAMESITE: str = "Lax"
    PERMANENT_SESSION_LIFETIME: timedelta = timedelta(hours=12)
    MAX_CONTENT_LENGTH: int = 2 * 1024 * 1024  # bytes of a request's body
    MAX_FORM_MEMORY_SIZE: int = 2 * 1024 * 1024
    WTF_CSRF_SSL_STRICT: bool = False  # `forgery` looks at Origin, with http too
    # A token lasts as long as its session, so a form survives lunch.
    WTF_CSRF_TIME_LIMIT: None = None


def read(environ: Mapping[str, str] | None = None) -> Config:
    """Read the settings; create the instance folder and its key if they are missing.

    Raises:
        SettingError: a setting cannot be used.
    """
    environ = os.environ if environ is None else environ
    instance = Path(environ.get("WORKGROUP_INSTANCE") or "instance").absolute()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    public = _public_url(environ.get("WORKGROUP_PUBLIC_URL", ""))
    # Files of this process are readable by its own user only: database and -wal, mails, exports.
    os.umask(0o077)
    _refuse_debug(environ, public)
    host = (environ.get("HOST") or "127.0.0.1").strip("[]")
    if host not in LOOPBACK and not public:
        raise SettingError(
            f"HOST={host} is reachable from other machines: set WORKGROUP_PUBLIC_URL "
            "to the address that people will type, for example https://report.example"
        )
    return Config(
        INSTANCE=instance,
        SECRET_KEY=_secret_key(environ.get("WORKGROUP_SECRET_KEY", ""), instance),
        SQLALCHEMY_DATABASE_URI=_database_url(
            environ.get("WORKGROUP_DATABASE_URL", ""), instance
        ),
        PUBLIC_URL=public,
        HOST=host,
        PORT=_whole(environ, "PORT", default=8000, top=65535),
        HOSTS=frozenset(
            {plain_name(urlsplit(public).hostname or "")} if public else LOOPBACK
        ),
        PROXIES=_whole(environ, "WORKGROUP_PROXIES", default=0, top=9),
        SMTP_URL=_smtp_url(environ.get("WORKGROUP_SMTP_URL", "")),
        MAIL_FROM=_mail_from(environ.get("WORKGROUP_MAIL_FROM", "")),
        SESSION_COOKIE_SECURE=public.startswith("https:"),
        EXPORT_CPU_SECONDS=_whole(
            environ, "WORKGROUP_EXPORT_CPU_SECONDS", default=300, top=86_400, bottom=1
        ),
        EXPORT_WALL_MINUTES=_whole(
            environ, "WORKGROUP_EXPORT_WALL_MINUTES", default=60, top=1440, bottom=1
        ),
        EXPORT_MEMORY_MB=_whole(
            environ, "WORKGROUP_EXPORT_MEMORY_MB", default=3072, top=10**6, bottom=1
        ),
    )


def _refuse_debug(environ: Mapping[str, str], public: str) -> None:
    written = environ.get("FLASK_DEBUG", "").lower()
    if public and written not in {"", "0", "false", "no"}:
        raise SettingError(
            "FLASK_DEBUG lets visitors run code: unset it where WORKGROUP_PUBLIC_URL is set"
        )


def _whole(
    environ: Mapping[str, str], name: str, *, default: int, top: int, bottom: int = 0
) -> int:
    text = environ.get(name) or str(default)
    digits = text.isascii() and text.isdigit()
    if not digits or not bottom <= int(text) <= top:
        raise SettingError(
            f"{name}={text} must be a whole number from {bottom} to {top}"
        )
    return int(text)


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    bare = parts.path in {"", "/"} and not parts.query and not parts.fragment
    if text and not (origin_of(text) and bare and "@" not in text):
        raise SettingError(
            f"WORKGROUP_PUBLIC_URL={text} must be an address such as https://report.example"
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise SettingError(
            f"WORKGROUP_PUBLIC_URL={text} must begin with https: passwords would "
            "be sent unencrypted"
        )
    return origin_of(text)


def _database_url(text: str, instance: Path) -> str:
    if not text:
        return f"sqlite:///{instance / 'workgroup.sqlite'}"
    scheme, separator, rest = text.partition("://")
    if separator and scheme in {"postgresql", "postgres", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    if separator and scheme == "sqlite":
        return text
    raise SettingError(
        "WORKGROUP_DATABASE_URL must begin with sqlite:// or postgresql://"
    )


def _smtp_url(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
        raise SettingError(
            "WORKGROUP_SMTP_URL must be an address such as smtp://user:password@mail.example:587"
        )
    return text


def _mail_from(text: str) -> str:
    """Return the sender of all mail, checked here: else each mail would fail, one after another."""
    text = text or "workgroup@localhost"
    try:
        is_one = len(getaddresses([text])) == 1 and text.isprintable()
        whole = is_one and sender(text).domain
    except (ValueError, IndexError, MessageError):  # as Python's parser fails
        whole = ""
    if not whole:
        raise SettingError(
            f"WORKGROUP_MAIL_FROM={text!r} must be one address such as workgroup@report.example, "
            'or with a name: "Working Group" <workgroup@report.example>'
        )
    return text


def _secret_key(text: str, instance: Path) -> str:
    if text:
        if len(text) < 32:  # noqa: PLR2004 - characters; 32 of base64 are 192 bits
            raise SettingError("WORKGROUP_SECRET_KEY must have 32 characters or more")
        return text
    path = instance / "secret.key"
    if not path.exists():
        draft = instance / f"secret.key.{os.getpid()}"
        # Created with its mode, so that nobody else can read it even for a moment, and
        # linked when complete, so that two servers starting at once agree on one key.
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()
