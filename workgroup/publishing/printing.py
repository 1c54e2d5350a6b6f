"""Having a Document set by a child process, which may be killed at any moment."""

import json
import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import IO, Any

from flask_babel import gettext as _

from exports.document import Document
from workgroup.errors import DomainError

logger = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]
CHECK_SECONDS = 30
LOGGED = 4000  # characters of what a failed child wrote


@dataclass(frozen=True)
class Printed:
    """What the child says of a finished file."""

    pages: int
    sha256: str


@dataclass(frozen=True)
class Missing:
    """Something this machine lacks, and the package it comes in."""

    name: str
    package: str


class ExportFailedError(DomainError):
    """The report could not be set; ``code`` says which kind of problem it was."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class MissingError(Exception):
    """Libraries or fonts that the child needs are not there."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__(missing)
        self.missing = missing


def print_document(
    document: Document, target: Path, tell: Callable[[int], None], limit: timedelta
) -> Printed:
    """Set a document into ``target``; takes seconds to minutes.

    Args:
        document: what is printed.
        target: where the finished file goes; its folder must be there.
        tell: called with the number of each page that is laid out.
        limit: of real time; afterwards the child is killed.

    Raises:
        ExportFailedError: there is no file; the sentence is for the reader.
    """
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        source, errors = Path(folder, "document.json"), Path(folder, "errors.txt")
        source.write_text(json.dumps(document.to_json()))
        with errors.open("w+") as stream:
            last = _run([str(source), str(target)], stream, tell, limit)
            if "done" in last:
                return Printed(last["pages"], last["sha256"])
            stream.seek(0)
            logger.warning("export: %s %s", last.get("error"), stream.read(LOGGED))
    raise _failure(last.get("error") or {"code": "crashed"})


def _run(
    arguments: list[str],
    errors: IO[str],
    tell: Callable[[int], None],
    limit: timedelta,
) -> dict[str, Any]:
    """Start the child, pass its pages on, and return its last line."""
    last: dict[str, Any] = {}
    with subprocess.Popen(
        [sys.executable, "-m", "exports", *arguments],
        cwd=ROOT,
        env={},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    ) as child:
        timer = threading.Timer(limit.total_seconds(), child.kill)
        timer.daemon = True
        timer.start()
        try:
            for line in child.stdout or ():
                last = json.loads(line)
                if page := last.get("page"):
                    tell(page)
        finally:
            timer.cancel()
            child.kill()
    killed = {"error": {"code": "time-limit"}} if timer.finished.is_set() else {}
    return last if {"done", "error"} & last.keys() else killed


def _failure(error: dict[str, Any]) -> ExportFailedError:
    """Say in the reader's language what the child said with a code."""
    where, character = error.get("section") or "", error.get("character") or ""
    install = " ".join(error.get("packages") or ())
    sentences = {
        "missing-glyph": _(
            "“%(section)s” holds the character “%(character)s”, for which no font has a glyph. Replace it and export again; the draft is untouched.",
            section=where,
            character=character,
        ),
        "refused-character": _(
            "“%(section)s” holds the character %(character)s, which cannot be printed. Remove it and export again; the draft is untouched.",
            section=where,
            character=character,
        ),
        "missing-font": _(
            "This machine lacks fonts. Ask the operator to install: %(packages)s.",
            packages=install,
        ),
        "missing-library": _(
            "This machine lacks libraries. Ask the operator to install: %(packages)s.",
            packages=install,
        ),
        "time-limit": _("Setting the report took too long and was stopped."),
        "crashed": _("Setting the report was cut off. Try again."),
    }
    code = str(error["code"])
    usual = error.get("message") or _("The report could not be set.")
    return ExportFailedError(code, sentences.get(code, usual))


def missing() -> list[Missing]:
    """Return what this machine lacks; asks a child (0.3 s) until nothing is missing."""
    try:
        _require_all()
    except MissingError as error:
        return error.missing
    return []


@cache
def _require_all() -> None:
    """Ask the child once; only a good answer is remembered.

    Raises:
        MissingError: says what is missing.
    """
    done = subprocess.run(
        [sys.executable, "-m", "exports", "--check"],
        cwd=ROOT,
        env={},
        capture_output=True,
        timeout=CHECK_SECONDS,
        check=False,
    )
    try:
        found = json.loads(done.stdout)["missing"]
    except (ValueError, KeyError):
        found = [{"name": "exports", "package": "requirements/exports.txt"}]
    if found:
        raise MissingError([Missing(each["name"], each["package"]) for each in found])
