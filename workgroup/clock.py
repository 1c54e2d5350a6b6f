"""The time, always with its zone and in UTC; the only place that asks the machine for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """Return the current time, or the pretended one."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def pretend(moment: datetime) -> Iterator[None]:
    """Make ``now`` return ``moment`` in this context; the demo's history needs that."""
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone")
    token = _pretended.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pretended.reset(token)


class NoSuchHourError(ValueError):
    """The time does not exist in its zone: clocks went forward past it."""


def local_moment(written: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment at which a clock in the zone shows this time; the first, if it does so twice.

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
    """Return whether a clock in the zone shows this time twice, because it goes back in between."""
    first, second = (written.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    earlier, later = first.astimezone(UTC), second.astimezone(UTC)
    return earlier < later
