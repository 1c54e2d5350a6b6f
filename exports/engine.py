"""WeasyPrint, imported late and patched: margins, languages, tags, order of notes.

Each patch wraps a function of the pinned version, where the file would otherwise not be
PDF/UA or a page would be wrong; the tests of the finished file show that they hold.
"""

import contextlib
import importlib
import sys
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from exports.fonts import LIBRARIES
from exports.problems import ExportError

# ruff: noqa: ANN401 - WeasyPrint ships no types


def load() -> Any:
    """Import WeasyPrint and patch it; call once, after the fonts are configured.

    Raises:
        ExportError: Pango or another library it opens is missing.
    """
    try:
        # It prints advice of its own, but our standard output is only for progress.
        with contextlib.redirect_stdout(sys.stderr):
            weasyprint = importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:
        raise ExportError(
            "missing-library",
            f"The layout engine does not start: {error}.",
            packages=tuple(dict.fromkeys(LIBRARIES.values())),
        ) from error
    _keep_notes_in_order()
    _draw_margins_as_artifacts()
    _tag_from_html()
    return weasyprint


def _wrap(owner: Any, name: str, around: Callable[..., Any]) -> None:
    """Replace a function by ``around``, whose first argument is the original."""
    before = getattr(owner, name)

    def wrapped(*arguments: Any) -> Any:
        return around(before, *arguments)

    setattr(owner, name, wrapped)


class _Notes:
    """What a layout has to remember about its footnotes from page to page."""

    def __init__(self, root: Any) -> None:
        elements = enumerate(root.element.iter())
        self._order = {id(element): place for place, element in elements}
        self.left: dict[int, list[Any]] = {}  # to the next page, by page number

    def place(self, note: Any) -> int:
        """Return the place in the document where the note is called."""
        return self._order[id(note.element)]


def _notes_of(context: Any, root: Any) -> _Notes:
    """Return what this layout remembers; made with its first page."""
    kept = vars(context)
    if "notes_between_pages" not in kept:
        kept["notes_between_pages"] = _Notes(root)
    notes: _Notes = kept["notes_between_pages"]
    return notes


def _keep_notes_in_order() -> None:
    """Place every note on the page of its call or the next, in the calls' order.

    WeasyPrint loses the notes of a line that fits only because other notes moved on; it mixes
    the order of notes that move together; and when it lays a page out again, it no longer knows
    which notes the page before had left for it.
    """

    def make_page(
        before: Any,
        context: Any,
        root: Any,
        kind: Any,
        start: Any,
        number: int,
        *others: Any,
    ) -> Any:
        notes = _notes_of(context, root)
        context.reported_footnotes = list(notes.left.get(number - 1, []))
        made = before(context, root, kind, start, number, *others)
        for note in _notes_called_on(made[0]):
            if note in context.footnotes:
                context.footnotes.remove(note)
                context.reported_footnotes.append(note)
        context.reported_footnotes.sort(key=notes.place)
        notes.left[number] = list(context.reported_footnotes)
        return made

    _wrap(importlib.import_module("weasyprint.layout.page"), "make_page", make_page)


def numbers_of_notes(page: Any) -> list[int]:
    """Return the numbers of the footnotes at the foot of a page, from top to bottom."""
    return [
        int(box.text)
        for box in page.descendants()
        if box.element_tag == "span::footnote-marker" and hasattr(box, "text")
    ]


def _notes_called_on(page: Any) -> list[Any]:
    """Return the footnotes whose calls stand on a page."""
    return [box.footnote for box in page.descendants() if box.footnote]


def _draw_margins_as_artifacts() -> None:
    """Keep running heads and page numbers out of what is read aloud."""
    boxes = importlib.import_module("weasyprint.formatting_structure.boxes")
    margins: list[Any] = []

    def draw(before: Any, target: Any, context: Any) -> None:
        if isinstance(context.box, boxes.MarginBox):
            margins.append(context.box)
            before(target, context)
            margins.pop()
        else:
            before(target, context)

    def marked(before: Any, target: Any, box: Any, tag: str) -> Any:
        return target.artifact() if margins else before(target, box, tag)

    def build(before: Any, box: Any, *others: Any) -> Iterator[Any]:
        if not isinstance(box, boxes.MarginBox):
            yield from before(box, *others)

    drawing = importlib.import_module("weasyprint.draw")
    stream = importlib.import_module("weasyprint.pdf.stream")
    tags = importlib.import_module("weasyprint.pdf.tags")
    _wrap(drawing, "draw_stacking_context", draw)
    _wrap(stream.Stream, "marked", marked)
    _wrap(tags, "_build_box_tree", build)


def _tag_from_html() -> None:
    """Set elements' ``lang`` and, from ``data-tag``, types that HTML has no name for."""
    pydyf = importlib.import_module("pydyf")
    identifiers = count(1)

    def build(before: Any, box: Any, *others: Any) -> Iterator[Any]:
        own = _own_attributes(box)
        language, tag = own.get("lang"), own.get("data-tag")
        for position, element in enumerate(before(box, *others)):
            if position == 0 and language:
                element["Lang"] = pydyf.String(language)
            if position == 0 and tag:
                element["S"] = f"/{tag}"
                element["ID"] = pydyf.String(f"{tag.lower()}-{next(identifiers)}")
            yield element

    _wrap(importlib.import_module("weasyprint.pdf.tags"), "_build_box_tree", build)


def _own_attributes(box: Any) -> dict[str, str]:
    """Return the element's attributes, unless the box is only a part of it."""
    tag = box.element_tag
    if tag is None or ":" in tag or tag in {"html", "body"}:
        return {}
    return dict(getattr(box.element, "attrib", {}))
