"""Whatever ends the program that creates the PDF, its export names it."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from exports import limits as childs_own
from exports.document import Status
from tests.exports.sample import sample
from tests.servers import ROOT
from tests.waiting import until
from workgroup.publishing import child
from workgroup.publishing.child import Limits

pytestmark = pytest.mark.real
LOWEST_PRIORITY = 19
PLENTY = Limits(cpu_seconds=300, wall_seconds=600, memory_mb=3072)


def nothing(_page):
    """Do nothing with a page's number."""


@pytest.fixture
def export(engine, tmp_path):
    """Have the sample report printed under limits; return what is said in the end."""

    def run(limits, on_page=nothing):
        source, target = tmp_path / "document.json", tmp_path / "report.pdf"
        source.write_text(json.dumps(sample(Status.DRAFT).to_json()))
        ended = child.run(source, target, on_page, limits)
        assert ("done" in ended.last) == target.exists()
        return "done" if "done" in ended.last else child.cause(ended, limits)

    return run


@pytest.fixture
def program(monkeypatch, tmp_path):
    """Have a few lines of Python run in place of the layout."""

    def run(code, limits=PLENTY, on_page=nothing):
        command = (sys.executable, "-c", textwrap.dedent(code))
        monkeypatch.setattr(child, "COMMAND", command)
        ended = child.run(tmp_path / "document.json", tmp_path / "out", on_page, limits)
        return "done" if "done" in ended.last else child.cause(ended, limits)

    return run


def children():
    lists = Path("/proc/self/task").glob("*/children")
    return {int(number) for each in lists for number in each.read_text().split()}


def end_with(number):
    """Return what ends the child with a signal once it lays out pages."""
    before = children()

    def on_page(_page):
        for process in children() - before:
            os.kill(process, number)

    return on_page


def test_too_little_cpu_time_is_named(export):
    found = export(replace(PLENTY, cpu_seconds=1))

    assert found["code"] == "cpu-limit"


def test_cpu_time_that_is_used_up_inside_a_library_is_named(program):
    # The signal's handler is Python and waits for the library; the kernel does not.
    busy = """
        import hashlib
        from exports import limits
        limits.GRACE_SECONDS = 1
        limits.apply(cpu_seconds=1)
        hashlib.pbkdf2_hmac("sha256", b"", b"", 10**9)
    """

    found = program(busy, replace(PLENTY, cpu_seconds=1))

    assert found == {"code": "cpu-limit", "seconds": 1}


def test_too_little_memory_is_named(export):
    found = export(replace(PLENTY, memory_mb=300))

    assert found["code"] == "memory-limit"


@pytest.mark.parametrize(
    "words",
    [
        "GLib-ERROR: failed to allocate 8589934592 bytes",
        "creating thread '[pango] FcFontSetSort': Error creating thread: Resource temporarily unavailable",
    ],
)
def test_memory_that_a_library_is_refused_is_named(program, words):
    aborts = f"""
        import os, sys
        sys.stderr.write({words!r})
        sys.stderr.flush()
        os.abort()
    """

    assert program(aborts)["code"] == "memory-limit"


def test_a_child_that_hangs_is_stopped_and_named(program):
    found = program("import time; time.sleep(600)", replace(PLENTY, wall_seconds=1))

    assert found["code"] == "wall-limit"


def test_a_child_that_closed_its_output_and_hangs_is_stopped_too(program):
    hangs = "import os, time; os.close(1); time.sleep(600)"

    assert program(hangs, replace(PLENTY, wall_seconds=1))["code"] == ("wall-limit")


# Says that it has laid out a page, and goes on for long.
AT_WORK = "import time; print('{\"page\": 1}', flush=True); time.sleep(600)"


def test_a_child_that_the_system_killed_is_not_called_slow(program):
    found = program(AT_WORK, on_page=end_with(signal.SIGKILL))

    assert found == {"code": "killed"}


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGTERM])
def test_a_child_that_crashed_is_named_with_its_signal(program, number):
    found = program(AT_WORK, on_page=end_with(number))

    assert found == {"code": "crashed", "end": number.name}


@pytest.mark.parametrize(
    ("code", "end"),
    [
        ("raise SystemExit(3)", "exit 3"),
        ("print('{\"page\": ', end='')", "exit 0"),
        ("print('no JSON'); print('[1]')", "exit 0"),
    ],
)
def test_a_child_that_ends_without_a_last_line_is_named(program, code, end):
    assert program(code) == {"code": "crashed", "end": end}


def test_a_busy_machine_is_no_reason_to_stop_an_export(program):
    # Two seconds of real time with hardly any CPU time are no second of work.
    waits = "import time; time.sleep(2); print('{\"done\": true}')"

    assert program(waits, replace(PLENTY, cpu_seconds=1)) == "done"


def test_pages_and_keystrokes_go_first(program):
    niceness = """
        import os
        from exports import limits
        limits.apply()
        print('{"error": {"code": "%d"}}' % os.nice(0))
    """

    assert program(niceness) == {"code": str(niceness_of_a_child())}


def test_a_child_that_would_wait_forever_ends_with_its_worker(tmp_path):
    # The document is a pipe that nobody writes: the child waits for it, limits taken.
    os.mkfifo(tmp_path / "document.json")
    script = f"""
        from pathlib import Path
        from workgroup.publishing import child
        limits = child.Limits(300, 600, 3072)
        here = Path({str(tmp_path)!r})
        child.run(here / "document.json", here / "report.pdf", print, limits)
    """
    worker = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT)
    process = until(lambda: waiting_child(worker.pid))

    worker.kill()
    worker.wait()

    assert until(lambda: not is_alive(process))


def niceness_of_a_child():
    """Return how far a child stands back: as far as it can, where these tests do already."""
    return min(os.nice(0) + childs_own.NICENESS, LOWEST_PRIORITY)


def waiting_child(parent):
    """Return the child of a process once it has taken its limits, the last thing before."""
    for process in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        if os.getpriority(os.PRIO_PROCESS, int(process)) == niceness_of_a_child():
            return int(process)
    return None


def is_alive(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
