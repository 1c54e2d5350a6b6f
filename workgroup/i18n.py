"""Languages, and moments in the reader's own zone with its name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from flask import Flask, has_request_context, request
from flask_babel import Babel, force_locale, format_datetime, get_locale
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

Written = TypeVar("Written")

babel = Babel()
_zone: ContextVar[ZoneInfo | None] = ContextVar("zone", default=None)

LANGUAGES = ["en"]  # in which all sentences exist; the first is the fallback
# Offered are zones by their place. The others mislead: "Etc/GMT+9" is nine hours behind
# Greenwich, "EST" has no summer, "PST8PDT" and "W-SU" nobody reads. Older names of places stay,
# since browsers guess by them.
REGIONS = {
    "Africa", "America", "Antarctica", "Arctic", "Asia",
    "Atlantic", "Australia", "Europe", "Indian", "Pacific",
}  # fmt: skip
TIME_ZONES = sorted(
    zone
    for zone in available_timezones()
    if zone == "UTC" or zone.partition("/")[0] in REGIONS
)

# Babel's own zone names fail for Tokyo in English and New York in Japanese, so the
# short name comes from the zone itself.
MOMENT_PATTERNS = {
    "en": "EEE d MMM yyyy, HH:mm",
    "ja": "yyyy年M月d日(EEE) HH:mm",
    "ko": "yyyy년 M월 d일 (EEE) HH:mm",
}


def init_app(app: Flask) -> None:
    """Bind Babel and the filters that templates use for time."""
    babel.init_app(
        app,
        default_locale="en",
        default_domain="messages",
        default_translation_directories="translations",
        locale_selector=reader_language,
        timezone_selector=lambda: reader_zone().key,
    )
    app.jinja_env.globals["page_language"] = page_language
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["time_element"] = time_element


def reader_language() -> str:
    """Return the reader's language; if nobody is signed in, the browser's.

    Without the database the browser's too, so that an error page can be rendered.
    """
    if not has_request_context():
        return LANGUAGES[0]
    try:
        if current_user.is_authenticated:
            return offered(current_user.language)
    except SQLAlchemyError:
        pass
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def offered(language: str) -> str:
    """Return a language if there are sentences in it, else the fallback."""
    return language if language in LANGUAGES else LANGUAGES[0]


def page_language() -> str:
    """Return the language that a page or a mail is written in, as HTML names it."""
    return str(get_locale() or LANGUAGES[0]).replace("_", "-")


def in_each_language(write: Callable[[], Written]) -> dict[str, Written]:
    """Return language → what ``write`` returns in it, for readers of different languages."""
    written = {}
    for language in LANGUAGES:
        with force_locale(language):
            written[language] = write()
    return written


@contextmanager
def in_zone(name: str) -> Iterator[None]:
    """Write times in this block in another zone than the signed-in person's, as mail requires."""
    token = _zone.set(ZoneInfo(name))
    try:
        yield
    finally:
        _zone.reset(token)


def reader_zone() -> ZoneInfo:
    """Return the reader's time zone: of the mail being written, else of the signed-in person, else UTC."""
    if zone := _zone.get():
        return zone
    if has_request_context() and current_user.is_authenticated:
        return ZoneInfo(current_user.time_zone)
    return ZoneInfo("UTC")


def moment(at: datetime, zone: ZoneInfo | None = None) -> str:
    """Write a moment in the reader's zone, with the zone's short name."""
    local = at.astimezone(zone or reader_zone())
    language = str(get_locale() or "en")[:2]
    pattern = MOMENT_PATTERNS.get(language, MOMENT_PATTERNS["en"])
    written = format_datetime(local.replace(tzinfo=None), pattern, rebase=False)
    return f"{written} {zone_name(local)}"


def zone_name(local: datetime) -> str:
    """Return the short name of a moment's zone: JST, EST; UTC+7 where it has none."""
    name = local.tzname() or "UTC"
    return f"UTC{name}" if name[:1] in {"+", "-"} else name


def time_element(at: datetime) -> Markup:
    """Write a moment as a ``<time>`` element that machines can read too."""
    return Markup('<time datetime="{}">{}</time>').format(
        at.isoformat(timespec="minutes"), moment(at)
    )
