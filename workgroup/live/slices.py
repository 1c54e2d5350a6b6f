"""Cutting a frame into pieces that are short enough for one step of the event loop."""

from collections.abc import Iterable, Iterator
from typing import TypeGuard

from workgroup.textlog.protocol import Cursor, Keystroke

SLICE = 50  # updates: about a millisecond
LARGE = 20_000  # bytes, which cost the intake about ten milliseconds
STEPS = 5000  # while it searches for places: about five milliseconds


def slices(
    parts: Iterable[Keystroke | Cursor],
) -> Iterator[list[Keystroke | Cursor]]:
    """Yield a few parts at a time; a large update comes alone."""
    some: list[Keystroke | Cursor] = []
    size = 0
    for part in parts:
        size += len(part.data)
        if some and (len(some) >= SLICE or size > LARGE):
            yield some
            some, size = [], len(part.data)
        some.append(part)
    if some:
        yield some


def is_large(part: Keystroke | Cursor) -> TypeGuard[Keystroke]:
    """Return whether checking an update would block the event loop for too long."""
    return len(part.data) > LARGE
