"""Servers forked from a process that has imported the application: a start costs no second of imports.

What runs is `flask serve`, whole and in a process of its own, which is killed and stopped as any other,
and beside it `flask worker`. How the server itself starts its worker is the claim of the tests that
say so with ``forks_worker``.
"""

import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

from flask.cli import main

from workgroup.server import WorkerChild

_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload(["tests.preloaded"])


def serve(
    folder: Path, environment: Mapping[str, str], log: Path, *, forks_worker: bool
) -> BaseProcess:
    """Start `flask serve` in a folder, with this environment, its output added to a file.

    Args:
        forks_worker: else the server starts its worker as a command, as it does where people use it.
    """
    process = _nursery.Process(
        target=_serve,
        args=(folder, dict(environment), log),
        kwargs={"forks_worker": forks_worker},
    )
    process.start()
    return process


def _serve(
    folder: Path, environment: dict[str, str], log: Path, *, forks_worker: bool
) -> None:
    os.setsid()
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(output, stream.fileno())
    os.close(output)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    if forks_worker:
        mother = Mother()
        WorkerChild.start = lambda child: mother.start(child.worker_end)
    _run("serve")


def _run(command: str) -> None:
    sys.argv = ["flask", "--app", "app", command]
    main()


class Mother:
    """Forks the workers of one server, from a process without its threads and open database.

    She is made before the server has them, and ends when it has ended.
    """

    def __init__(self) -> None:
        self.socket, hers = socket.socketpair()
        if os.fork() == 0:
            self.socket.close()
            self._live(hers)

    def start(self, parent_pipe: int) -> "Worker":
        """Fork a worker that ends when a pipe is closed."""
        ended, alive = os.pipe()
        socket.send_fds(self.socket, [b"\0"], [parent_pipe, alive])
        os.close(alive)
        return Worker(int.from_bytes(self.socket.recv(4)), ended)

    @staticmethod
    def _live(hers: socket.socket) -> None:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a worker
        while True:
            asked, files, *_ = socket.recv_fds(hers, 1, 2)
            if not asked:
                os._exit(0)
            worker = os.fork()
            if worker == 0:
                hers.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                os.environ["WORKGROUP_PARENT_PIPE"] = str(files[0])
                _run("worker")
            for file in files:
                os.close(file)
            hers.send(worker.to_bytes(4))


class Worker:
    """A worker as a server sees it, in place of ``subprocess.Popen``."""

    def __init__(self, pid: int, ended: int) -> None:
        self.pid = pid
        self.ended = ended  # closed at the other end when the worker is gone

    def wait(self) -> None:
        """Wait until it is gone."""
        os.read(self.ended, 1)
        os.close(self.ended)

    def kill(self) -> None:
        """End it at once."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
