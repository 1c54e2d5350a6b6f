"""Processor seconds as the reference machine would have spent them, for tests whose claim they are.

The same work takes twice as many on another machine, and on some machines at another moment, when
others share the core. So a small fixed piece of work is timed again and again in a thread beside
what is measured, and the seconds are divided by how much longer than usual it takes.
"""

import json
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import mean

PIECE = 0.005  # processor seconds of the piece of work on the machine where the claims were set
PAUSE = 0.02  # seconds between two of them


class Spent:
    """What a block has spent; numbers are there once it has ended."""

    here = 0.0  # by its own thread
    by_children = 0.0  # by children that have ended
    slowness = 1.0  # how many times as long as on the reference machine everything took


@contextmanager
def measured() -> Iterator[Spent]:
    """Measure the processor seconds of a block, as the reference machine would have spent them."""
    spent, ended, pieces = Spent(), threading.Event(), [_piece()]
    beside = threading.Thread(target=_sample, args=(ended, pieces))
    beside.start()
    here, children = time.thread_time(), _of_children()
    try:
        yield spent
    finally:
        here, children = time.thread_time() - here, _of_children() - children
        ended.set()
        beside.join()
        spent.slowness = max(1.0, mean(pieces) / PIECE)
        spent.here = here / spent.slowness
        spent.by_children = children / spent.slowness


def _sample(ended: threading.Event, pieces: list[float]) -> None:
    while not ended.wait(PAUSE):
        pieces.append(_piece())


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _piece() -> float:
    began = time.thread_time()
    rows = [{"id": n, "words": f"word {n} " * 3, "marks": [n % 7]} for n in range(2000)]
    rows.sort(key=lambda row: row["words"])
    json.loads(json.dumps(rows))
    return time.thread_time() - began
