"""Breaks pure modules and services one place at a time and names what no test notices.

Run by hand: ``python -m tests.mutants [module ...]``. It works on a copy of the tree, runs
for each mutant only the tests named beside its module, and stops at the first that fails.
Each mutant is a fork of one process that has imported the libraries already: a mutant of
a pure module costs a second, not the four of a new pytest.
"""

import ast
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.servers import ROOT

TEXT = "tests/textlog/test_the_wire.py tests/textlog/test_the_intake.py tests/textlog tests/live/test_opening_a_room.py tests/live/test_the_hub.py"
CONCERNED = {
    "workgroup/deciding/tally.py": "tests/deciding/test_tally.py tests/deciding/test_tally_properties.py",
    "workgroup/deciding/rules.py": "tests/deciding/test_tally.py tests/deciding/test_words.py tests/deciding/test_stored_rules.py tests/deciding/test_opening_a_ballot.py",
    "workgroup/deciding/services.py": "tests/deciding",
    "workgroup/deciding/moves.py": "tests/deciding tests/lifecycle",
    "workgroup/deciding/policies.py": "tests/deciding tests/test_authorization.py",
    "workgroup/textlog/intake.py": TEXT,
    "workgroup/textlog/order.py": TEXT,
    "workgroup/textlog/contents.py": TEXT,
    "workgroup/textlog/protocol.py": f"{TEXT} tests/live/test_hostile_sockets.py tests/live/test_newcomers.py",
    "workgroup/textlog/replay.py": TEXT,
    "workgroup/drafting/states.py": "tests/drafting tests/lifecycle",
    "workgroup/drafting/moves.py": "tests/drafting tests/lifecycle tests/test_locks.py",
    "workgroup/drafting/numbering.py": "tests/drafting/test_numbering.py",
    "workgroup/drafting/canonical.py": "tests/drafting/test_the_canonical_form.py tests/drafting tests/textlog/test_documents.py",
    "workgroup/discussion/quotations.py": "tests/discussion/test_quotations.py tests/discussion",
    "workgroup/cohorts/attribution.py": "tests/cohorts/test_names_for_a_reader.py tests/cohorts",
    "workgroup/acts/chain.py": "tests/acts tests/core/test_what_happened.py",
    "workgroup/acts/services.py": "tests/acts tests/core/test_what_happened.py tests/deciding",
    "workgroup/cohorts/roles.py": "tests/cohorts tests/test_authorization.py",
    "workgroup/cohorts/invitations.py": "tests/cohorts",
    "workgroup/cohorts/services.py": "tests/cohorts tests/test_locks.py",
    "workgroup/jobs/services.py": "tests/jobs tests/test_locks.py",
    "workgroup/jobs/schedule.py": "tests/jobs",
    "workgroup/lifecycle/flow.py": "tests/lifecycle tests/deciding",
    "workgroup/lifecycle/progress.py": "tests/cohorts tests/lifecycle",
    "workgroup/notifications/timing.py": "tests/notifications",
}  # module → its tests, the likeliest first
MINUTES = 30  # in one run; mutants are drawn by lot, always the same ones first
CPU_SECONDS = 300  # for the tests of one mutant; what loops for ever is noticed
MEMORY = 4 << 30
NOTHING_TO_RUN = pytest.ExitCode.NO_TESTS_COLLECTED  # no test of it uses PostgreSQL
COPIED = ("app.py", "pyproject.toml", "workgroup", "exports", "templates", "migrations", "tests", "docs", "frontend/words.json")  # fmt: skip
LIBRARIES = ("alembic", "argon2", "flask_babel", "flask_migrate", "flask_security", "flask_wtf", "psycopg", "sqlalchemy.orm", "websockets")  # fmt: skip
OTHER = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt,
    ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


def changes(tree: ast.AST) -> Iterator[tuple[ast.AST, ast.AST, str]]:  # noqa: C901 - one table
    """Yield a node, what to put in its place, and what that breaks."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        match node:
            case ast.Compare(ops=[op, *rest]) if type(op) in OTHER:
                broken = ast.Compare(node.left, [OTHER[type(op)](), *rest], node.comparators)  # fmt: skip
                yield node, broken, f"{line}: another comparison"
            case ast.BoolOp(op=ast.And()):
                yield node, ast.BoolOp(ast.Or(), node.values), f"{line}: and → or"
            case ast.BoolOp(op=ast.Or()):
                yield node, ast.BoolOp(ast.And(), node.values), f"{line}: or → and"
            case ast.UnaryOp(op=ast.Not()):
                yield node, node.operand, f"{line}: without not"
            case ast.Constant(value=bool()):
                yield node, ast.Constant(not node.value), f"{line}: {not node.value}"
            case ast.Constant(value=int()):
                yield node, ast.Constant(node.value + 1), f"{line}: {node.value} + 1"
            case ast.Expr(value=ast.Call()):
                yield node, ast.Pass(), f"{line}: without {ast.unparse(node)[:60]}"
            case ast.Call(func=ast.Attribute(attr="where"), args=[_, _, *_]):
                for place in range(len(node.args)):
                    kept = [*node.args[:place], *node.args[place + 1 :]]
                    gone = ast.unparse(node.args[place])[:60]
                    yield node, ast.Call(node.func, kept, node.keywords), f"{line}: where without {gone}"  # fmt: skip


class Swap(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """Replace the one, go through the others."""
        return self.new if node is self.old else self.generic_visit(node)


def mutants(module: str) -> Iterator[tuple[str, str]]:
    """Yield what is broken and the whole broken source, for every place of a module."""
    source = (ROOT / module).read_text()
    for number in range(len(list(changes(ast.parse(source))))):
        tree = ast.parse(source)
        old, new, words = list(changes(tree))[number]
        broken = ast.fix_missing_locations(Swap(old, new).visit(tree))
        yield f"{module}:{words}", ast.unparse(broken)


def survives(tree: Path, module: str, source: str) -> bool:
    """Return whether all tests of a module pass on the broken source."""
    target = tree / module
    kept = target.read_text()
    target.write_text(source)
    try:  # PostgreSQL takes seconds to start, and is seldom what notices
        return all(
            passes(tree, module, which) for which in ("not postgresql", "postgresql")
        )
    finally:
        target.write_text(kept)


def passes(tree: Path, module: str, which: str) -> bool:
    """Run the tests of a module in a fork that has the libraries, and nothing of ours."""
    child = os.fork()
    if not child:
        run(tree, CONCERNED[module].split(), which)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) in (0, NOTHING_TO_RUN)


def run(tree: Path, tests: list[str], which: str) -> None:
    """Be pytest, within limits; return never."""
    for limit, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
    ):
        resource.setrlimit(limit, (most, resource.RLIM_INFINITY))
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    os.chdir(tree)
    sys.path[:] = [one for one in sys.path if Path(one).resolve() != ROOT]
    sys.dont_write_bytecode = True
    for name in [one for one in sys.modules if one.partition(".")[0] == "tests"]:
        del sys.modules[name]
    options = ["-q", "-x", "-p", "no:cacheprovider", "-m", "not browser and not kill"]
    code = 1
    try:
        code = pytest.main([*options, "-k", which, *tests])
    finally:
        os._exit(int(code))


def main() -> None:
    """Break the modules that were named, or all, and print the survivors."""
    wanted = sys.argv[1:] or list(CONCERNED)
    drawn = [(module, *mutant) for module in wanted for mutant in mutants(module)]
    random.Random(1).shuffle(drawn)  # noqa: S311 - the same lot each time
    for library in LIBRARIES:
        import_module(library)
    broken, alive = Counter(), Counter()
    until = time.monotonic() + MINUTES * 60
    with tempfile.TemporaryDirectory() as folder:
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            (Path(folder) / name).parent.mkdir(exist_ok=True)
            copy(ROOT / name, Path(folder) / name)
        for module, words, source in drawn:
            if time.monotonic() > until:
                break
            if not broken[module] and not passes(
                Path(folder), module, "not postgresql"
            ):
                raise SystemExit(f"the tests of {module} fail on what is not broken")
            broken[module] += 1
            if survives(Path(folder), module, source):
                alive[module] += 1
                say(f"survived  {words}")
    of = Counter(module for module, *_ in drawn)
    for module in wanted:
        say(f"{module}: {broken[module]} of {of[module]} broken, {alive[module]} survived")  # fmt: skip
    say(f"{broken.total()} of {of.total()} mutants, {alive.total()} survived")


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
