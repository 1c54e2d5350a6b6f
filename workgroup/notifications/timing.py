"""When a reminder, a mail and a digest are due. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

GATHERING = timedelta(minutes=10)  # between two mails of a kind
TOO_OLD = timedelta(days=1)  # older events are on the page, never in a mail
FORGOTTEN = timedelta(days=2)  # waited this long for a mail: there was no mail server
SHOWN_AS_GIVEN_UP = timedelta(days=7)  # to organizers
MORNING = time(7)  # of the reader's own clock

DAY_BEFORE = timedelta(hours=24)
LONG_ENOUGH = timedelta(hours=36)
TOO_SHORT = timedelta(hours=6)


def remind_from(opens_at: datetime, closes_at: datetime) -> datetime | None:
    """Return the moment from which electors who have not voted are reminded.

    That is the day before the end. In a ballot of less than 36 hours this would come too soon
    after the invitation to vote, so the last third is taken; a ballot of less than six hours
    needs no reminder besides the mail about its opening.
    """
    length = closes_at - opens_at
    if length < TOO_SHORT:
        return None
    return closes_at - (DAY_BEFORE if length >= LONG_ENOUGH else length / 3)


def last_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when it was last 07:00 in a zone, in UTC."""
    today = now.astimezone(zone).date()
    this_morning = datetime.combine(today, MORNING, zone).astimezone(UTC)
    if this_morning <= now:
        return this_morning
    yesterday = today - timedelta(days=1)
    return datetime.combine(yesterday, MORNING, zone).astimezone(UTC)
