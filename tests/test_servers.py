"""What tests start ends with them, also when a run of tests is killed."""

import os
import select
import subprocess
import sys

from tests.servers import ROOT, Leash

RUN = """
import subprocess
from tests.servers import Leash
server = subprocess.Popen(["sleep", "600"])
Leash(f"kill -9 {server.pid}")
print(server.pid, flush=True)
server.wait()
"""


def test_what_a_killed_run_has_started_is_killed():
    command = [sys.executable, "-c", RUN]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as run:
        server = os.pidfd_open(int(run.stdout.readline()))
        run.kill()

    ended, *_ = select.select([server], [], [], 20)
    os.close(server)

    assert ended


def test_what_has_ended_is_left_alone(tmp_path):
    leash = Leash(f"touch {tmp_path / 'too-late'}")

    leash.release()

    assert leash.shell.returncode == 0
    assert not list(tmp_path.iterdir())
