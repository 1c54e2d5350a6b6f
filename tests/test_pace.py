"""Claims in processor seconds hold on a slow machine, and fail where more is done."""

import subprocess
import sys

from tests import pace

WORK = "sum(n * n % 7 for n in range({}))"


def test_a_block_and_its_children_are_measured_apart():
    with pace.measured() as spent:
        eval(WORK.format(300_000))  # noqa: S307 - our own words
        subprocess.run([sys.executable, "-c", WORK.format(3_000_000)], check=True)

    assert spent.by_children > 2 * spent.here > 0


def test_on_a_machine_of_half_the_speed_the_same_work_counts_the_same(monkeypatch):
    piece = pace._piece  # noqa: SLF001
    monkeypatch.setattr(pace, "_piece", lambda: 2 * max(piece(), pace.PIECE))

    with pace.measured() as spent:
        pass

    assert spent.slowness >= 2


def test_a_fast_machine_is_asked_for_no_more(monkeypatch):
    monkeypatch.setattr(pace, "_piece", lambda: pace.PIECE / 3)

    with pace.measured() as spent:
        pass

    assert spent.slowness == 1
