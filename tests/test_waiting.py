"""What a test waits for comes when the machine has time: no test bounds it by fewer seconds.

Where a number of seconds is itself the claim, or starts the next look, a comment on its line says so.
"""

import ast
from pathlib import Path

import pytest

from tests.waiting import PATIENT

TESTS = Path(__file__).parent
FILES = sorted(path for path in TESTS.rglob("*.py") if path.name != "test_waiting.py")
# Functions that wait, and which of their arguments says how long.
WAITING = {
    "Barrier": None,
    "HTTPConnection": None,
    "ended": 0,
    "becomes_live": 0,
    "create_connection": 1,
    "get": None,
    "join": 0,
    "open": None,
    "settimeout": 0,
    "settled": 0,
    "state": None,
    "editable": None,
    "timeout": 0,
    "until": 1,
    "urlopen": None,
    "wait": 0,
}


def bounds(call):
    """Return the numbers of seconds that a call waits at most, as far as they are written in it."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name not in WAITING:
        return []
    place = WAITING[name]
    given = [one.value for one in call.keywords if one.arg in {"timeout", "seconds"}]
    given += call.args[place : place + 1] if place is not None else []
    return [
        one.value
        for one in given
        if isinstance(one, ast.Constant) and isinstance(one.value, int | float)
    ]


def deadline(addition):
    """Return the seconds that are written in ``time.monotonic() + 5``."""
    now = getattr(getattr(addition.left, "func", None), "attr", "")
    later = getattr(addition.right, "value", None)
    return [later] if now == "monotonic" and isinstance(later, int | float) else []


def hurried(source):
    """Return the lines of a module that wait less than a busy machine may need, and say not why."""
    lines, tree = source.splitlines(), ast.parse(source)
    found = {
        call.lineno: seconds
        for call in ast.walk(tree)
        if isinstance(call, ast.Call | ast.BinOp)
        for seconds in (bounds(call) if isinstance(call, ast.Call) else deadline(call))
        if seconds < PATIENT
    }
    return {line: one for line, one in found.items() if "#" not in lines[line - 1]}


def test_no_test_hurries_what_it_waits_for():
    found = {str(path.relative_to(TESTS)): hurried(path.read_text()) for path in FILES}

    assert {file: lines for file, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line",
    [
        "done.wait(10)",
        "thread.join(timeout=2.5)",
        "until(lambda: found, 5)",
        "amy.state('saved', seconds=3)",
        "asyncio.timeout(5)",
        "deadline = time.monotonic() + 10",
    ],
)
def test_a_hurried_line_is_found(line):
    assert hurried(line)
    assert not hurried(f"{line}  # the claim")
    assert not hurried("done.wait(PATIENT)")
