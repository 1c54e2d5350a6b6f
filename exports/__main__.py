"""Set one document, or say what is missing on this machine.

    python -m exports DOCUMENT.json OUT.pdf
    python -m exports --check

Progress goes to standard output, one JSON object a line; the last line says ``done``
with the number of pages and the file's hash, or ``error``. The exit code is 0, 1 for
an error in the document or on this machine, 2 for a wrong call.
"""

import dataclasses
import json
import sys
import traceback
from pathlib import Path

from exports import fonts, limits
from exports.document import Document
from exports.problems import ExportError
from exports.progress import say
from exports.setting import set_pdf

LARGEST_DOCUMENT = 150 * 1024**2  # bytes; images are in it


def main(arguments: list[str]) -> int:
    """Do what the command line asks and return the exit code."""
    if arguments == ["--check"]:
        lacking = fonts.missing()
        say(missing=[dataclasses.asdict(each) for each in lacking])
        return 1 if lacking else 0
    if len(arguments) != 2 or arguments[0].startswith("-"):  # noqa: PLR2004 - the document and the file
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        limits.take()
        export(Path(arguments[0]), Path(arguments[1]))
    except ExportError as error:
        say(error=error.as_json())
    except (MemoryError, RecursionError) as error:
        say(
            error={
                "code": "too-much",
                "message": f"The report is too large to set ({type(error).__name__}).",
            }
        )
    except Exception as error:  # noqa: BLE001 - whatever happens, the site is told in one line
        traceback.print_exc()
        say(
            error={
                "code": "internal",
                "message": f"The export failed: {type(error).__name__}.",
            }
        )
    else:
        return 0
    return 1


def export(source: Path, target: Path) -> None:
    """Set the document in ``source`` and put the file at ``target`` in one move.

    Raises:
        ExportError: the document cannot be read or set.
    """
    document = Document.from_json(_parsed(source))
    printed = set_pdf(document)
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.write_bytes(printed.content)
    unfinished.replace(target)
    say(done=True, pages=printed.pages, sha256=printed.sha256)


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
