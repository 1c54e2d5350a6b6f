"""Servers forked from a process that has imported the application: a start costs no second of imports.

What runs is `flask serve`, whole and in a process of its own, which is killed and stopped as any other.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path

from flask.cli import main

_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload(["app", "flask_migrate.cli"])


def serve(folder: Path, environment: Mapping[str, str], log: Path) -> BaseProcess:
    """Start `flask serve` in a folder, with this environment, its output added to a file."""
    process = _nursery.Process(target=_serve, args=(folder, dict(environment), log))
    process.start()
    return process


def _serve(folder: Path, environment: dict[str, str], log: Path) -> None:
    os.setsid()
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(output, stream.fileno())
    os.close(output)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["flask", "serve"]
    main()
