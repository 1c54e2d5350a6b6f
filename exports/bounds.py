"""Limits on a document, beyond which a layout takes minutes or never ends."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from exports.document import Document, Section
from exports.problems import ExportError

NESTING = 20
FOOTNOTES = 600
FOOTNOTES_IN_A_PARAGRAPH = 20
CELLS_IN_A_TABLE = 5000
SPAN = 20
CHARACTERS_IN_A_PARAGRAPH = 100_000
CHARACTERS = 3_000_000
SECTIONS = 300
MEMBERS = 1000

Node = dict[str, Any]


@dataclass(frozen=True)
class _Placed:
    node: Node
    depth: int


def check(document: Document) -> None:
    """Refuse a document that would take too long to set.

    Raises:
        ExportError: a limit is exceeded; the sentence names the section and the limit.
    """
    _at_most(len(document.sections), SECTIONS, "sections", None)
    _at_most(
        sum(len(each.members) for each in document.delegations),
        MEMBERS,
        "members",
        None,
    )
    totals: Counter[str] = Counter()
    for section in document.sections:
        totals += _measured(section)
        _at_most(totals["footnotes"], FOOTNOTES, "footnotes in the report", section)
        _at_most(totals["characters"], CHARACTERS, "characters in the report", section)


def _measured(section: Section) -> Counter[str]:
    """Check one section and return what counts toward the whole report."""
    totals: Counter[str] = Counter()
    for placed in _nodes(section):
        if placed.depth > NESTING and placed.node["type"] != "text":
            raise _too_much(f"blocks nested more than {NESTING} deep", section)
        kind = placed.node.get("type")
        if kind in {"paragraph", "heading"}:
            inline = Counter(child.get("type") for child in _children(placed.node))
            _at_most(
                inline["footnote"],
                FOOTNOTES_IN_A_PARAGRAPH,
                "footnotes in one paragraph",
                section,
            )
            length = sum(
                len(str(child.get("text", ""))) for child in _children(placed.node)
            )
            _at_most(
                length,
                CHARACTERS_IN_A_PARAGRAPH,
                "characters in one paragraph",
                section,
            )
            totals += Counter(footnotes=inline["footnote"], characters=length)
        elif kind == "table":
            _keep_table(placed.node, section)
    return totals


def _keep_table(table: Node, section: Section) -> None:
    cells = [cell for row in _children(table) for cell in _children(row)]
    _at_most(len(cells), CELLS_IN_A_TABLE, "cells in one table", section)
    for cell in cells:
        attributes = cell.get("attrs", {})
        for name in ("colspan", "rowspan"):
            span = attributes.get(name, 1)
            if not isinstance(span, int | float) or not 1 <= span <= SPAN:
                raise _too_much(
                    f"a table cell that spans more than {SPAN} others", section
                )


def _nodes(section: Section) -> Iterator[_Placed]:
    """Yield every node below a section; not recursive, so that depth cannot exhaust the stack."""
    waiting = [_Placed(block, 1) for block in section.blocks]
    while waiting:
        placed = waiting.pop()
        _keep_shape(placed.node, section)
        yield placed
        waiting.extend(
            _Placed(child, placed.depth + 1) for child in _children(placed.node)
        )


def _keep_shape(node: Node, section: Section) -> None:
    """Check the shape of nodes, so that the writers can rely on it.

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
        raise ExportError(
            "bad-text",
            f"The text of “{section.title}” is damaged.",
            section=section.title,
        )


def _children(node: Node) -> list[Node]:
    children: list[Node] = node.get("content", [])
    return children


def _at_most(count: int, bound: int, of_what: str, section: Section | None) -> None:
    if count > bound:
        raise _too_much(f"more than {bound} {of_what}", section)


def _too_much(what: str, section: Section | None) -> ExportError:
    where = f"“{section.title}”" if section else "The report"
    return ExportError(
        "too-much", f"{where} holds {what}.", section=section.title if section else None
    )
