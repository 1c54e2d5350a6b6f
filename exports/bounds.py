"""Refuses a document that contains more than can be printed in time; ``sizes`` has the table."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from exports.document import Document
from exports.problems import ExportError
from exports.sizes import MOST, Size

Node = dict[str, Any]
Totals = Counter[Size]

_PARAGRAPHS = {"paragraph", "heading"}
_ENDLESS = 2**31  # JSON of Python has an infinite number
_BEGINNING = 40  # characters of a paragraph or table by which its author finds it


class TooMuchError(ExportError):
    """A report, or one section of it, contains more of something than can be printed.

    Args:
        size: what there is too much of.
        count: how much there is.
        section: the title of the section in which it is found; none for the whole report.
        begins: the first words of the paragraph or table, where it is one.
    """

    def __init__(
        self, size: Size, count: int, section: str | None, begins: str = ""
    ) -> None:
        where = f"“{section}”" if section else "The report"
        super().__init__(
            f"too-much-{size}",
            f"{where} is too large to print: {size} {count}, at most {MOST[size]}.",
            section=section,
        )
        self.size = size
        self.count = count
        self.begins = begins

    def as_json(self) -> dict[str, Any]:
        """Add the figures to the error; not the words, since logs and rows keep it."""
        return super().as_json() | {"count": self.count, "most": MOST[self.size]}


@dataclass(frozen=True)
class _Placed:
    node: Node
    depth: int


def check(document: Document) -> None:
    """Refuse a document that would take too long to set.

    Raises:
        ExportError: a bound is exceeded, or a text is damaged.
    """
    _keep(Size.SECTIONS, len(document.sections), None)
    members = sum(len(each.members) for each in document.delegations)
    _keep(Size.MEMBERS, members, None)
    totals: Totals = Counter()
    for section in document.sections:
        totals += measured(section.title, section.blocks)
        keep_totals(totals, section.title)


def measured(title: str, blocks: Sequence[Node]) -> Totals:
    """Check one section's text alone, and return what it adds to the report's totals.

    Raises:
        TooMuchError: the text exceeds a bound, so no report could print it.
        ExportError: it is damaged.
    """
    totals: Totals = Counter()
    for placed in _nodes(title, blocks):
        kind = placed.node["type"]
        if kind != "text":
            _keep(Size.NESTING, placed.depth, title)
        if kind in _PARAGRAPHS:
            _keep_paragraph(placed.node, title)
            _count(placed.node, totals)
        elif kind == "table":
            _keep_table(placed.node, title)
    return totals


def counted(blocks: Sequence[Node]) -> Totals:
    """Return what a text whose shape is known to be right adds to the report's totals."""
    totals: Totals = Counter()
    for placed in _nodes("", blocks):
        if placed.node["type"] in _PARAGRAPHS:
            _count(placed.node, totals)
    return totals


def keep_totals(totals: Totals, title: str) -> None:
    """Refuse totals of several sections, of which the last has this title.

    Raises:
        TooMuchError: together they exceed a bound.
    """
    for size, count in totals.items():
        _keep(size, count, title)


def _keep_paragraph(node: Node, title: str) -> None:
    begins = _beginning(node)
    notes = sum(child["type"] == "footnote" for child in _children(node))
    length = sum(len(child.get("text", "")) for child in _children(node))
    _keep(Size.FOOTNOTES_IN_A_PARAGRAPH, notes, title, begins)
    _keep(Size.CHARACTERS_IN_A_PARAGRAPH, length, title, begins)


def _count(paragraph: Node, totals: Totals) -> None:
    totals[Size.BLOCKS] += 1
    for child in _children(paragraph):
        words = child.get("text", "")
        if child["type"] == "footnote":
            totals[Size.FOOTNOTES] += 1
            words = str(child.get("attrs", {}).get("text", ""))
        totals[Size.CHARACTERS] += len(words)


def _keep_table(table: Node, title: str) -> None:
    begins = _beginning(table)
    cells = [cell for row in _children(table) for cell in _children(row)]
    _keep(Size.CELLS_IN_A_TABLE, len(cells), title, begins)
    for cell in cells:
        for name in ("colspan", "rowspan"):
            span = cell.get("attrs", {}).get(name, 1)
            if not isinstance(span, int | float) or not span >= 1:
                raise _damaged(title)
            _keep(Size.SPAN, int(min(span, _ENDLESS)), title, begins)


def _beginning(block: Node) -> str:
    """Return the block's first words, which follow each other in its first branches."""
    while children := _children(block):
        words = "".join(str(child.get("text", "")) for child in children)
        if words:
            return words[:_BEGINNING]
        block = children[0]
    return ""


def _nodes(title: str, blocks: Sequence[Node]) -> Iterator[_Placed]:
    """Yield every node of a section; not recursive, so that depth is no danger.

    A node comes after its shape and that of all below it is known to be right.
    """
    order = [_Placed(block, 1) for block in blocks]
    for placed in order:  # grows meanwhile
        _keep_shape(placed.node, title)
        order.extend(
            _Placed(child, placed.depth + 1) for child in _children(placed.node)
        )
    yield from order


def _keep_shape(node: Node, title: str) -> None:
    """Check nodes' shape, so that the writers can trust it.

    Raises:
        ExportError: the section's text is not ProseMirror's JSON.
    """
    shapes = {"type": str, "text": str, "attrs": dict, "content": list, "marks": list}
    right = isinstance(node, dict) and isinstance(node.get("type"), str)
    right = right and all(
        isinstance(node[name], shape) for name, shape in shapes.items() if name in node
    )
    if not right or not all(
        isinstance(mark, dict) and isinstance(mark.get("attrs", {}), dict)
        for mark in node.get("marks", [])
    ):
        raise _damaged(title)


def _children(node: Node) -> list[Node]:
    children: list[Node] = node.get("content", [])
    return children


def _keep(size: Size, count: int, title: str | None, begins: str = "") -> None:
    if count > MOST[size]:
        raise TooMuchError(size, count, title, begins)


def _damaged(title: str) -> ExportError:
    return ExportError("bad-text", f"The text of “{title}” is damaged.", section=title)
