"""When a reminder and a digest are due: pure rules, as tables."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from workgroup import clock
from workgroup.notifications.timing import last_morning, remind_from


@pytest.mark.parametrize(
    ("hours", "before"),
    [(5.9, None), (6, 2), (18, 6), (35.7, 11.9), (36, 24), (240, 24)],
)
def test_a_reminder_comes_the_day_before_or_in_the_last_third(hours, before):
    opens = clock.now()
    closes = opens + timedelta(hours=hours)

    expected = None if before is None else closes - timedelta(hours=before)
    assert remind_from(opens, closes) == expected


@pytest.mark.parametrize(
    ("now", "morning"),
    [("06:59", "2026-11-23 07:00"), ("07:00", "2026-11-24 07:00")],
)
def test_a_morning_begins_at_seven_of_the_readers_clock(now, morning):
    tokyo = ZoneInfo("Asia/Tokyo")
    at, expected = (
        datetime.fromisoformat(one).replace(tzinfo=tokyo)
        for one in (f"2026-11-24 {now}", morning)
    )

    assert last_morning(at, tokyo) == expected
