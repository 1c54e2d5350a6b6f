"""When the demonstration's past happened: days before it is loaded, at reasonable hours."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

OFFICE = time(14)  # of the organizer's acts, in UTC: morning in New York
DESK = time(10)  # members act from this time on, where they live
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Calendar:
    """Turns numbers of days before the loading into times."""

    loaded: datetime

    def office(self, days: float) -> datetime:
        """Return when the organizer acted, that many days ago; never in the future."""
        day = (self.loaded - timedelta(days=days)).astimezone(UTC).date()
        return min(datetime.combine(day, OFFICE, UTC), self.loaded)

    def deadline(self, days: float) -> datetime:
        """Return a full hour that many days from now."""
        return (self.loaded + timedelta(days=days)).replace(
            minute=0, second=0, microsecond=0
        )

    def desk(self, days: float, zone: str, minutes: int) -> datetime:
        """Return when a member acted, this many minutes into the day where he or she lives."""
        there = ZoneInfo(zone)
        day = (self.loaded - timedelta(days=days)).astimezone(there).date()
        moment = datetime.combine(day, DESK, there) + minutes * MINUTE
        return min(moment.astimezone(UTC), self.loaded)
