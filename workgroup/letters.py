"""A mail from its templates: as text and as HTML, in its reader's language and zone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import force_locale

from workgroup import i18n, mail
from workgroup.jobs.models import Job
from workgroup.mail import About


@dataclass(frozen=True)
class Reader:
    """The person whom a mail is for."""

    address: str
    language: str
    zone: str = "UTC"


@contextmanager
def written_for(reader: Reader) -> Iterator[None]:
    """Write sentences and times in this block in the reader's language and zone."""
    with i18n.in_zone(reader.zone), force_locale(i18n.offered(reader.language)):
        yield


def send(
    template: str,
    reader: Reader,
    subject: str,
    values: Mapping[str, Any],
    *,
    key: str,
    about: About | None = None,
) -> Job:
    """Put a mail into the outbox, as ``write`` writes it.

    Args:
        template: see ``write``.
        reader: whom it is for.
        subject: see ``write``.
        values: what the templates show.
        key: names the mail for good.
        about: what may change before it is delivered.
    """
    written = write(template, reader, subject, values)
    return mail.send(
        reader.address,
        written["subject"],
        written["body"],
        html=written["html"],
        key=key,
        about=about,
    )


def write(
    template: str, reader: Reader, subject: str, values: Mapping[str, Any]
) -> dict[str, str]:
    """Return a mail's subject, body and HTML, from ``email/TEMPLATE.txt`` and ``.html``.

    Args:
        template: its name without an ending.
        reader: whom it is for; the caller writes ``subject`` and ``values`` in the same language.
        subject: brought onto one line here, since it may contain what people typed.
        values: what the templates show.
    """
    subject = " ".join(subject.split())
    with written_for(reader):
        text = _render(f"{template}.txt", values)
        html = _render(f"{template}.html", {"subject": subject, **values})
    return {"subject": subject, "body": text, "html": html}


def _render(name: str, values: Mapping[str, Any]) -> str:
    """Render a template without the values that pages get: these need a request or a session."""
    return current_app.jinja_env.get_template(f"email/{name}").render(values)
