"""What the child reports while it works: one JSON object a line on standard output."""

import json
import logging
import re
import sys
from typing import Any

_STEPS = {
    1: "read",
    2: "style",
    3: "cascade",
    4: "boxes",
    5: "layout",
    6: "draw",
    7: "describe",
}
_LINE = re.compile(r"Step (\d) - (?:.*?- (?:Page|Repagination) #?(\d+))?")


def write_line(**fields: Any) -> None:  # noqa: ANN401 - anything JSON can hold
    """Write one line at once, in ASCII whatever the environment."""
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


class StepHandler(logging.Handler):
    """Reports the engine's steps; a page that is laid out twice is reported once."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._pages = 0
        self._step = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Report a new step, or a new page of the layout."""
        match = _LINE.match(record.getMessage())
        if match is None:
            return
        step, page = _STEPS[int(match.group(1))], int(match.group(2) or 0)
        if (
            step == "layout"
            and page > self._pages
            and "Repagination" not in record.getMessage()
        ):
            self._pages, self._step = page, step
            write_line(step=step, page=page)
        elif step != self._step:
            self._step = step
            write_line(step=step)


class Complaints(logging.Handler):
    """Collects the engine's warnings: characters without a glyph, and all others."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.glyphs: list[str] = []
        self.others: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Sort one warning."""
        if str(record.msg).startswith(".notdef glyph") and isinstance(
            record.args, tuple
        ):
            self.glyphs.append(str(record.args[0]))
        else:
            self.others.append(record.getMessage())
