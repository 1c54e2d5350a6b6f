"""Waits for what will come, however busy the machine is."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
PATIENT = 60  # seconds for what will come; a busy machine takes many of them
PRINTED = 240  # seconds for a layout, which lets everything else go first


def until(find: Callable[[], Found], seconds: float = PATIENT) -> Found:
    """Return what ``find`` returns as soon as that is something; fail when it takes longer."""
    deadline = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.01)
    return found
