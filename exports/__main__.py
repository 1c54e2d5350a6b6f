"""Create one document's PDF, or list what is missing on this machine.

    python -m exports [--parent=PID] [--cpu-seconds=N] [--memory-mb=N] DOCUMENT.json OUT.pdf
    python -m exports --check

With ``--parent`` this process ends when that one does. Progress goes to standard output,
one JSON object a line; the last line says ``done`` with the number of pages and the
file's hash, or ``error``. The exit code is 0, 1 for an error in the document or on this
machine, 2 for a wrong call.
"""

import dataclasses
import gc
import json
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from exports import fonts, limits
from exports.document import Document
from exports.problems import ExportError
from exports.progress import write_line
from exports.setting import set_pdf

COLLECTED_AFTER = (10_000, 20, 20)  # as in workgroup/__init__.py
LARGEST_DOCUMENT = 150 * 1024**2  # bytes; images are in it


@dataclass(frozen=True)
class Call:
    """What the command line asks for."""

    source: Path
    target: Path
    parent: int | None
    cpu_seconds: int
    memory_mb: int


def main(arguments: list[str]) -> int:
    """Do what the command line requests and return the exit code."""
    if arguments == ["--check"]:
        lacking = fonts.missing()
        write_line(missing=[dataclasses.asdict(each) for each in lacking])
        return 1 if lacking else 0
    call = _read(arguments)
    if call is None:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    if call.parent is not None:
        limits.end_with_parent(call.parent)
    # A layout makes objects that last: with Python's 700, a fifteenth of the CPU time went into
    # looking for cycles among them.
    gc.set_threshold(*COLLECTED_AFTER)
    try:
        limits.apply(call.cpu_seconds, call.memory_mb)
        export(call.source, call.target)
    except ExportError as error:
        write_line(error=error.as_json())
    except MemoryError:
        write_line(error={"code": "memory-limit", "megabytes": call.memory_mb})
    except RecursionError:
        message = "The report is nested too deeply."
        write_line(error={"code": "too-much", "message": message})
    except Exception as error:  # noqa: BLE001 - whatever happens, the site gets it in one line
        traceback.print_exc()
        message = f"The export failed: {type(error).__name__}."
        write_line(error={"code": "internal", "message": message})
    else:
        return 0
    return 1


def _read(arguments: list[str]) -> Call | None:
    """Parse the command line; return nothing if it is wrong."""
    numbers: dict[str, int] = {}
    paths = list(arguments)
    while paths and paths[0].startswith("-"):
        name, _, number = paths.pop(0).partition("=")
        if not number.isdecimal():
            return None
        numbers[name] = int(number)
    known = {"--parent", "--cpu-seconds", "--memory-mb"}
    if len(paths) != 2 or numbers.keys() - known:  # noqa: PLR2004 - the document and the file
        return None
    return Call(
        source=Path(paths[0]),
        target=Path(paths[1]),
        parent=numbers.get("--parent"),
        cpu_seconds=numbers.get("--cpu-seconds", limits.CPU_SECONDS),
        memory_mb=numbers.get("--memory-mb", limits.MEMORY_MB),
    )


def export(source: Path, target: Path) -> None:
    """Set the document in ``source`` and move the finished file to ``target`` in one step.

    Raises:
        ExportError: the document cannot be read or set.
    """
    document = Document.from_json(_parsed(source))
    printed = set_pdf(document)
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.write_bytes(printed.content)
    unfinished.replace(target)
    write_line(done=True, pages=printed.pages, sha256=printed.sha256)


def _parsed(source: Path) -> object:
    try:
        if source.stat().st_size > LARGEST_DOCUMENT:
            raise ExportError(
                "too-much",
                f"The document is larger than {LARGEST_DOCUMENT // 1024**2} MB.",
            )
        parsed: object = json.loads(source.read_bytes())
    except (OSError, ValueError) as error:
        raise ExportError(
            "bad-document", f"The document cannot be read: {error}."
        ) from error
    return parsed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
