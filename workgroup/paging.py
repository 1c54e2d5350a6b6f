"""Long lists are shown a page at a time, in a stable order; links lead to the next one without script."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")
HIGHEST = 100_000  # no list has that many, and no database has to count further


@dataclass(frozen=True)
class Page(Generic[Row]):
    """A part of a list."""

    rows: Sequence[Row]
    number: int  # from 1
    has_more: bool


def offset(number: int, size: int) -> int:
    """Return how many rows stand before a page, whatever number somebody asks for."""
    return (_within(number) - 1) * size


def cut(rows: Sequence[Row], number: int, size: int) -> Page[Row]:
    """Make a page from rows read from its offset on, one more than it shows."""
    return Page(rows[:size], _within(number), len(rows) > size)


def _within(number: int) -> int:
    return min(max(number, 1), HIGHEST)
