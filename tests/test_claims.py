"""A test that ends before its claim passes whatever the program does."""

import ast
from pathlib import Path

TESTS = Path(__file__).parent
INSIDE = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
)  # they return for themselves


def returns(function):
    """Yield the lines where a function itself returns."""
    waiting = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, INSIDE):
            continue
        if isinstance(node, ast.Return):
            yield node.lineno
        waiting.extend(ast.iter_child_nodes(node))


def early_ends(source):
    """Return the lines of a module where one of its tests returns."""
    return [
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, INSIDE[:2]) and node.name.startswith("test_")
        for line in returns(node)
    ]


def test_no_test_returns():
    files = sorted(TESTS.rglob("test_*.py"))
    found = {str(one.relative_to(TESTS)): early_ends(one.read_text()) for one in files}

    assert len(files) > 200
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_an_early_end_is_found():
    source = (
        "def test_a(x):\n"
        "    if x:\n"
        "        return\n"
        "    def inner():\n"
        "        return 1\n"
        "    assert inner()\n"
    )

    assert early_ends(source) == [3]
