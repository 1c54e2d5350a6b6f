"""Runs ``python -m exports`` as the site does: a child with an empty environment."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.waiting import PRINTED

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Run:
    """What one child printed, and the files that it left."""

    code: int
    lines: list[dict]
    target: Path
    stderr: str

    @property
    def last(self):
        return self.lines[-1]


def export(document, folder, **environment):
    """Write the document into the folder and set it there."""
    source, target = folder / "document.json", folder / "report.pdf"
    source.write_text(json.dumps(document.to_json()))
    return call(str(source), str(target), target=target, **environment)


def call(*arguments, target=Path("none"), **environment):
    done = subprocess.run(
        [sys.executable, "-m", "exports", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PRINTED,
        check=False,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return Run(done.returncode, lines, target, done.stderr)


def python(code):
    """Run a few lines of Python where ``exports`` can be imported and nothing else."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={},
        capture_output=True,
        text=True,
        timeout=PRINTED,
        check=False,
    )
