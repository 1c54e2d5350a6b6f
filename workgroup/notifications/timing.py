"""When a reminder, a mail and a digest are due. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

GATHERING = timedelta(minutes=10)  # from one mail of a kind to the next
TOO_OLD = timedelta(days=1)  # what happened earlier is on the page, never in a mail
FORGOTTEN = timedelta(days=2)  # what waited longer for a mail: there was no mail server
MORNING = time(7)  # of the reader's own clock

DAY_BEFORE = timedelta(hours=24)
LONG_ENOUGH = timedelta(hours=36)
TOO_SHORT = timedelta(hours=6)


def remind_from(opens_at: datetime, closes_at: datetime) -> datetime | None:
    """Return the moment from which electors who have not voted are reminded.

    It is the day before the end. In a ballot that runs for less than 36 hours this would
    follow the invitation to vote at once, so its last third is taken; one of less than six
    hours needs no reminder beside the mail that opened it.
    """
    length = closes_at - opens_at
    if length < TOO_SHORT:
        return None
    return closes_at - (DAY_BEFORE if length >= LONG_ENOUGH else length / 3)


def last_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the last seven o'clock of a zone that has passed, in UTC."""
    today = now.astimezone(zone).date()
    this_morning = datetime.combine(today, MORNING, zone).astimezone(UTC)
    if this_morning <= now:
        return this_morning
    yesterday = today - timedelta(days=1)
    return datetime.combine(yesterday, MORNING, zone).astimezone(UTC)
