"""The time, always aware and in UTC; the one place that asks the machine for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """Return the present moment, or the pretended one."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def pretend(moment: datetime) -> Iterator[None]:
    """Let ``now`` answer with ``moment`` in this context; the demo's history needs it."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    token = _pretended.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pretended.reset(token)


class NoSuchHourError(ValueError):
    """The clocks of a zone went forward past the time that was written."""


def local_moment(written: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment that a clock of the zone shows so; the earlier where it does twice.

    Args:
        written: date and time as on that clock, without a zone.
        zone: whose clock it is.

    Raises:
        NoSuchHourError: that clock skips this time.
    """
    moment = written.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != written:
        raise NoSuchHourError(f"{written} in {zone}")
    return moment


def comes_twice(written: datetime, zone: ZoneInfo) -> bool:
    """Return whether a clock of the zone shows this time twice, as it is put back."""
    first, second = (written.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    earlier, later = first.astimezone(UTC), second.astimezone(UTC)
    return earlier < later
