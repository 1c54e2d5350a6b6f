"""From a Document to its PDF, by a child process that may be killed at any moment."""

import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from exports.document import Document
from workgroup.publishing import child
from workgroup.publishing.child import ROOT, Limits

logger = logging.getLogger(__name__)

CHECK_SECONDS = 30


@dataclass(frozen=True)
class Printed:
    """What the child reports of a finished file."""

    pages: int
    sha256: str


@dataclass(frozen=True)
class Missing:
    """Something that this machine lacks, and the package that provides it."""

    name: str
    package: str


class ExportFailedError(Exception):
    """There is no file.

    Args:
        code: why, as a short name; ``labels.failure`` puts it into words.
        parameters: what the words need, as values that JSON holds.
    """

    def __init__(self, code: str, parameters: dict[str, Any]) -> None:
        super().__init__(code, parameters)
        self.code = code
        self.parameters = parameters


class MissingError(Exception):
    """Libraries or fonts that the child needs are missing."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__(missing)
        self.missing = missing


def print_document(
    document: Document,
    target: Path,
    scratch: Path,
    on_page: Callable[[int], None],
    limits: Limits,
) -> Printed:
    """Create a document's PDF at ``target``; takes seconds to minutes.

    Args:
        document: what is printed.
        target: where the finished file goes; its folder must be there.
        scratch: a folder for the whole text meanwhile. The text stays there if this process is
            killed, so others must not be able to read the folder, and something must tidy it.
        on_page: called with the number of each page that is laid out.
        limits: what the child may use before it is killed.

    Raises:
        ExportFailedError: there is no file.
    """
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        source = Path(folder, "document.json")
        source.write_text(json.dumps(document.to_json()))
        ended = child.run(source, target, on_page, limits)
    if "done" in ended.last:
        return Printed(ended.last["pages"], ended.last["sha256"])
    why = child.cause(ended, limits)
    logger.warning(
        "no PDF: %s; exit code %s, %.1f s of CPU time; %s",
        why,
        ended.exit_code,
        ended.cpu,
        ended.errors or "nothing on standard error",
    )
    # The child's own sentence is in English, for the log; the page has its own words.
    parameters = {key: why[key] for key in why.keys() - {"code", "message"}}
    raise ExportFailedError(why["code"], parameters)


def limits_of(config: Mapping[str, Any]) -> Limits:
    """Return what the settings let an export use."""
    return Limits(
        cpu_seconds=config["EXPORT_CPU_SECONDS"],
        wall_seconds=60 * config["EXPORT_WALL_MINUTES"],
        memory_mb=config["EXPORT_MEMORY_MB"],
    )


def missing() -> list[Missing]:
    """Return what this machine lacks; asks a child (0.3 s) each time until nothing is missing."""
    try:
        _require_all()
    except MissingError as error:
        return error.missing
    return []


@cache
def _require_all() -> None:
    """Run the check in the child once; only a good result is remembered.

    Raises:
        MissingError: a library or a font is missing; names them.
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
