"""Breaks pure modules and services one place at a time and names what no test notices.

Run by hand: ``python -m tests.mutants [module ...]``. It works on a copy of the tree, runs
for each mutant only the tests named beside its module, and stops at the first that fails.
"""

import ast
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.servers import ROOT

CONCERNED = {
    "workgroup/deciding/tally.py": "tests/deciding/test_tally.py",
    "workgroup/deciding/rules.py": "tests/deciding/test_tally.py tests/deciding/test_words.py tests/deciding/test_stored_rules.py",
    "workgroup/drafting/numbering.py": "tests/drafting/test_numbering.py",
    "workgroup/drafting/canonical.py": "tests/drafting/test_the_canonical_form.py",
    "workgroup/discussion/quotations.py": "tests/discussion/test_quotations.py",
    "workgroup/cohorts/attribution.py": "tests/cohorts/test_names_for_a_reader.py",
    "workgroup/acts/chain.py": "tests/acts",
    "workgroup/cohorts/invitations.py": "tests/cohorts",
    "workgroup/cohorts/services.py": "tests/cohorts",
    "workgroup/jobs/services.py": "tests/jobs tests/test_locks.py",
    "workgroup/deciding/services.py": "tests/deciding",
}  # module → its tests
LIMIT = 150  # mutants in one run; more are drawn by lot, always the same ones
SECONDS = 120  # for the tests of one mutant
COPIED = ("app.py", "pyproject.toml", "workgroup", "exports", "templates", "migrations", "tests")  # fmt: skip
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
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    command += ["-m", "not browser and not kill", *CONCERNED[module].split()]
    try:
        done = subprocess.run(command, cwd=tree, capture_output=True, timeout=SECONDS, check=False)  # fmt: skip
    except subprocess.TimeoutExpired:
        return False
    finally:
        target.write_text(kept)
    return done.returncode == 0


def main() -> None:
    """Break the modules that were named, or all, and print the survivors."""
    wanted = sys.argv[1:] or list(CONCERNED)
    drawn = [(module, *mutant) for module in wanted for mutant in mutants(module)]
    random.Random(1).shuffle(drawn)  # noqa: S311 - the same lot each time
    with tempfile.TemporaryDirectory() as folder:
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, Path(folder) / name)
        alive = 0
        for module, words, source in drawn[:LIMIT]:
            if survives(Path(folder), module, source):
                alive += 1
                sys.stdout.write(f"survived  {words}\n")
                sys.stdout.flush()
    sys.stdout.write(
        f"{len(drawn[:LIMIT])} of {len(drawn)} mutants, {alive} survived\n"
    )


if __name__ == "__main__":
    main()
