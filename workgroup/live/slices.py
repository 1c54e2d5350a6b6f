"""Cutting a frame into what one step of the loop may take."""

from collections.abc import Iterable, Iterator
from typing import TypeGuard

from workgroup.textlog.protocol import Cursor, Keystroke

SLICE = 50  # updates: about a millisecond
LARGE = 20_000  # bytes of one update, which take the intake about ten milliseconds


def slices(
    parts: Iterable[Keystroke | Cursor],
) -> Iterator[list[Keystroke | Cursor]]:
    """Return some parts after another; a large update stands alone."""
    some: list[Keystroke | Cursor] = []
    for part in parts:
        if some and (len(some) >= SLICE or is_large(part) or is_large(some[0])):
            yield some
            some = []
        some.append(part)
    if some:
        yield some


def is_large(part: Keystroke | Cursor) -> TypeGuard[Keystroke]:
    """Return whether an update takes longer than the loop may stand still."""
    return len(part.data) > LARGE
