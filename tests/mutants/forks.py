"""Breaking functions in forks of one process that has collected the tests."""

import gc
import json
import os
import resource
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import FunctionType

import pytest

from tests.mutants.concerned import CONCERNED
from tests.mutants.places import ROOT, Function, Mutant, signature

ON_BOTH = "tests/test_locks.py"  # opens either database before the forks
CPU_SECONDS = 300  # for all tests of one mutant; what loops forever is noticed
SECONDS = 900  # the same for what waits forever
MEMORY = 4 << 30
FINE, NOTICED = 0, 1
OPTIONS = ["-q", "-s", "-p", "no:cacheprovider", "-m", "not browser and not kill"]


def report(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def forked(
    act: Callable[[], int],
    folder: Path,
    cpu_seconds: int = CPU_SECONDS,
    seconds: int = SECONDS,
) -> int:
    """Do something in a fork, within limits and unheard, and return how that ended."""
    child = os.fork()
    if not child:
        code = NOTICED
        try:
            for limit, most in (
                (resource.RLIMIT_CPU, cpu_seconds),
                (resource.RLIMIT_AS, MEMORY),
            ):
                resource.setrlimit(limit, (most, resource.RLIM_INFINITY))
            signal.alarm(seconds)
            nothing = os.open(folder / "output", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            for stream in range(3):
                os.dup2(nothing, stream)
            code = act()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def run(item: pytest.Item, following: pytest.Item) -> None:
    """Run one test; what the following one shares with it is kept."""
    item.ihook.pytest_runtest_protocol(item=item, nextitem=following)


class Quick:
    """A plugin of pytest: in place of its run a fork for each mutant."""

    def __init__(self, lot: list[Mutant], folder: Path) -> None:
        self.lot, self.folder = lot, folder
        self.calls: dict[str, list[list[str]]] = {}  # test → file and function
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []
        self.skipped: set[str] = set()
        self.databases: list[object] = []
        self.last: pytest.Item | None = None  # so that no fork ends what all share

    def pytest_pyfunc_call(self, pyfuncitem):
        """Keep the databases that are open before the forks."""
        self.databases.append(pyfuncitem.funcargs.get("database"))

    def pytest_runtest_logreport(self, report):
        """Keep how a test ended."""
        if report.failed:
            self.failed.append(report.nodeid)
        elif report.skipped:
            self.skipped.add(report.nodeid)

    def pytest_runtestloop(self, session):
        """Try each mutant and write down which ones a test noticed."""
        session.config._tmp_path_factory.getbasetemp()  # noqa: SLF001 - one for all forks
        self.open_databases(session.items)
        hour = 60 * 60
        forked(lambda: self.look(session.items), self.folder, hour, 3 * hour)
        looked = json.loads((self.folder / "looked").read_text())
        self.calls, self.seconds, unfit = looked
        for test in unfit:
            report(f"left out: {test} fails, or is skipped, on what is not broken")
        noticed = []
        existing = functions_of({one.function for one in self.lot})
        for number, mutant in enumerate(self.lot):
            tests = [
                one
                for one in self.tests_of(mutant, session.items)
                if one.nodeid not in unfit
            ]
            replaced = existing.get(mutant.function, [])
            if tests and replaced and not self.passes(mutant, tests, replaced):
                noticed.append(number)
        (self.folder / "noticed").write_text(json.dumps([noticed, unfit]))
        return True

    def open_databases(self, items) -> None:
        """Make what the tests share, and leave no connection that a fork would inherit."""
        other = next(one for one in items if not one.nodeid.startswith(ON_BOTH))
        for kind in ("[sqlite", "[postgresql"):
            self.last = next(one for one in items if one.nodeid.startswith(ON_BOTH) and kind in one.nodeid)  # fmt: skip
            run(self.last, other)
        for database in self.databases:
            database.put_back()
        if self.failed:
            raise SystemExit(f"{self.failed} fails on what is not broken")

    def look(self, items) -> int:
        """Run every test and write down what it calls and how long it takes."""
        files = {str(ROOT / mutant.module) for mutant in self.lot}
        called: set[tuple[str, str]] = set()

        def trace(frame, _event, _argument):
            code = frame.f_code
            if code.co_filename in files:
                called.add((code.co_filename, code.co_qualname.partition(".<")[0]))

        calls, seconds = {}, {}
        threading.settrace(trace)
        for item, following in zip(items, [*items[1:], self.last], strict=True):
            called.clear()
            begun = time.process_time()
            sys.settrace(trace)
            run(item, following)
            sys.settrace(None)
            seconds[item.nodeid] = time.process_time() - begun
            calls[item.nodeid] = sorted(called)
        unfit = sorted({*self.failed, *self.skipped})
        (self.folder / "looked").write_text(json.dumps([calls, seconds, unfit]))
        return FINE

    def tests_of(self, mutant: Mutant, items) -> list[pytest.Item]:
        """Return the tests of its module that call the broken function."""
        if not mutant.function:
            return []
        nearest = tuple(CONCERNED[mutant.module][0].split())
        found = [
            one
            for one in items
            if one.nodeid.startswith(nearest)
            and list(mutant.function[:2]) in self.calls[one.nodeid]
        ]
        return sorted(found, key=lambda one: self.seconds[one.nodeid])

    def passes(self, mutant, tests, replaced) -> bool:
        """Run the tests in a fork whose functions have the broken code."""
        code = mutant.code()
        if any(one.__code__.co_freevars != code.co_freevars for one in replaced):
            return True  # of no use here; the copy of the tree tells

        def try_all() -> int:
            for one in replaced:
                one.__code__ = code
            for item, following in zip(tests, [*tests[1:], self.last], strict=True):
                run(item, following)
                if self.failed:
                    (self.folder / "noticed by").write_text(item.nodeid)
                    return NOTICED
            return FINE

        by = self.folder / "noticed by"
        by.write_text("a limit")
        usual = sum(self.seconds[one.nodeid] for one in tests)
        passed = forked(try_all, self.folder, 10 + round(3 * usual)) == FINE
        if not passed:
            report(f"noticed   {mutant.words}, by {by.read_text()}")
        return passed


def functions_of(wanted: set[Function | None]) -> dict[Function, list[FunctionType]]:
    """Find the functions of this process whose code is to be replaced."""
    found = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and signature(one.__code__) in wanted:
            found[signature(one.__code__)].append(one)
    return found


def in_forks(lot: list[Mutant], folder: Path) -> tuple[set[int], list[str]]:
    """Return the numbers of the mutants that are noticed, and the tests of no use."""
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(folder / "hypothesis")
    tests = sorted(
        {one for mutant in lot for one in CONCERNED[mutant.module][0].split()}
    )
    arguments = [*OPTIONS, f"--basetemp={folder / 'pytest'}", "--hypothesis-seed=0"]
    child = os.fork()
    if not child:
        os._exit(int(pytest.main([*arguments, ON_BOTH, *tests], [Quick(lot, folder)])))
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) not in (0, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise SystemExit("pytest could not begin")
    noticed, unfit = json.loads((folder / "noticed").read_text())
    return set(noticed), unfit
