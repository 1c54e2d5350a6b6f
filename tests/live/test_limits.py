"""How much one person may send: a burst at once, a steady rate after it, and no more after a pause."""

from workgroup.live import limits
from workgroup.live.limits import (
    BYTES_AT_ONCE,
    FORGET_AFTER,
    MESSAGES_A_SECOND,
    MESSAGES_AT_ONCE,
    Allowance,
    Allowances,
)

BEGUN = 1000.0  # seconds of a clock that only goes forward


def sent(allowance, at, size=0):
    """Send until it is too much; return how many messages were taken."""
    number = 0
    while allowance.spend(size, at):
        number += 1
    return number


def test_a_burst_is_taken_at_once_and_then_so_much_a_second():
    amy = Allowance(BEGUN)

    assert sent(amy, BEGUN) == MESSAGES_AT_ONCE
    assert sent(amy, BEGUN + 1) == MESSAGES_A_SECOND
    assert sent(amy, BEGUN + 3) == 2 * MESSAGES_A_SECOND


def test_a_long_pause_saves_up_no_more_than_one_burst():
    amy = Allowance(BEGUN)

    assert sent(amy, BEGUN + 60 * 60) == MESSAGES_AT_ONCE


def test_bytes_are_counted_besides_messages():
    amy = Allowance(BEGUN)

    assert sent(amy, BEGUN, size=BYTES_AT_ONCE // 3) == 3
    assert sent(amy, BEGUN + 60, size=1_000_000) == 1


def test_a_new_window_brings_no_new_allowance():
    everybody = Allowances()
    sent(everybody.of(1, BEGUN), BEGUN)

    assert sent(everybody.of(1, BEGUN), BEGUN) == 0
    assert sent(everybody.of(2, BEGUN), BEGUN) == MESSAGES_AT_ONCE


def test_who_sends_nothing_for_long_is_forgotten_and_others_are_not():
    everybody = Allowances()
    everybody.of(1, BEGUN)
    busy = everybody.of(2, BEGUN)
    busy.spend(1, BEGUN + FORGET_AFTER)

    everybody.of(3, BEGUN + FORGET_AFTER + 1)

    assert everybody.people.keys() == {2, 3}
    assert everybody.of(2, BEGUN + FORGET_AFTER + 1) is busy


def test_sign_ins_that_are_idle_are_forgotten_only_when_there_are_many(monkeypatch):
    monkeypatch.setattr(limits, "MANY_SIGN_INS", 2)
    openings = limits.Openings()
    for key in ("first", "second", "third"):
        openings.pause(key, BEGUN)
    later = BEGUN + limits.OPENINGS_AT_ONCE / limits.OPENINGS_A_SECOND + 1

    openings.pause("fourth", later)

    assert openings.buckets.keys() == {"fourth"}
