"""Breaking modules in a copy of the tree, for processes that have imported nothing of it."""

import ast
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.mutants.concerned import CONCERNED
from tests.mutants.forks import FINE, ON_BOTH, OPTIONS, forked, report
from tests.mutants.places import ROOT, Mutant

NOTHING_TO_RUN = pytest.ExitCode.NO_TESTS_COLLECTED  # no test of it uses PostgreSQL
# Pytest ends like this where the broken module cannot be imported, but also where the tests
# that are named do not exist, and then nothing was tried.
DID_NOT_RUN = (
    pytest.ExitCode.INTERRUPTED,
    pytest.ExitCode.INTERNAL_ERROR,
    pytest.ExitCode.USAGE_ERROR,
)
OURS = {"app", "exports", "tests", "workgroup"}
LIMIT, IMPORT = "a limit", "its import"
COPIED = ("app.py", "pyproject.toml", "workgroup", "exports", "templates", "migrations", "tests", "docs", "frontend/words.json")  # fmt: skip


def copied(folder: Path) -> Path:
    """Copy the tree, so that a run that is killed leaves nothing broken."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        copy(ROOT / name, folder / name)
    if first_to_fail([ON_BOTH], folder, []):
        raise SystemExit("the tests fail in a copy of what is not broken")
    return folder


def every_test(mutant: Mutant) -> list[str]:
    """Return all tests of a module, those that probably notice first."""
    return " ".join(CONCERNED[mutant.module]).split()


class FirstFailure:
    """A plugin of pytest: writes down the first test that fails."""

    def __init__(self, answer: Path) -> None:
        self.answer = answer

    def pytest_runtest_logreport(self, report):
        """Keep its name."""
        if report.failed:
            self.answer.write_text(report.nodeid)


def in_tree(tree: Path, *arguments: str) -> int:
    """Run pytest in a fork that has the libraries, and nothing of ours."""

    def run() -> int:
        os.chdir(tree)
        sys.path[:] = [one for one in sys.path if Path(one).resolve() != ROOT]
        sys.dont_write_bytecode = True
        for name in [one for one in sys.modules if one.partition(".")[0] in OURS]:
            del sys.modules[name]
        plugins = [FirstFailure(tree / "failed")]
        return int(pytest.main([*OPTIONS, *arguments], plugins))

    return forked(run, tree)


def first_to_fail(tests: list[str], tree: Path, unfit: list[str]) -> str:
    """Return which test failed first, or what else ended the run; nothing: all passed."""
    answer = tree / "failed"
    left_out = [f"--deselect={one}" for one in unfit]
    # PostgreSQL takes seconds to start, and is rarely what notices.
    for which in ("not postgresql", "postgresql"):
        answer.write_text(LIMIT)
        ended = in_tree(tree, "-x", "-k", which, *left_out, *tests)
        if ended in DID_NOT_RUN:
            return IMPORT
        if ended not in (FINE, NOTHING_TO_RUN):
            return answer.read_text()
    return ""


def refuse_what_cannot_run(tests: list[str], tree: Path) -> None:
    """Stop where pytest cannot even collect the tests of what is not broken."""
    if in_tree(tree, "--collect-only", *tests) != FINE:
        output = (tree / "output").read_text()[-2000:]
        raise SystemExit(f"{output}\npytest cannot run {' '.join(tests)}")


def survives(mutant: Mutant, tree: Path, unfit: list[str]) -> bool:
    """Return whether all tests of a module pass on the broken source."""
    target = tree / mutant.module
    kept = target.read_text()
    while True:
        target.write_text(ast.unparse(mutant.tree))
        by = first_to_fail(every_test(mutant), tree, unfit)
        target.write_text(kept)
        if not by:
            report(f"survived  {mutant.words}")
            return True
        if by == IMPORT:
            refuse_what_cannot_run(every_test(mutant), tree)
        if by in (LIMIT, IMPORT) or not first_to_fail([by], tree, []):
            report(f"noticed   {mutant.words}, by {by}")
            return False
        report(f"left out: {by} fails in a copy of what is not broken")
        unfit.append(by)
