"""From Markdown to the blocks of a section's text, as its canonical form writes them.

Knows what the demonstration's texts use: headings, paragraphs, lists, quotations,
tables, links, emphasis and footnotes. Anything else is an error rather than dropped.
"""

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.footnote import footnote_plugin

from workgroup.demo.scripts import language_of, runs

Node = dict[str, object]

_PARSER = MarkdownIt("commonmark").enable("table").use(footnote_plugin)
_CONTAINERS = {"blockquote", "bullet_list", "list_item"}
_TEXTBLOCKS = {"paragraph", "heading"}
_CELLS = {"th": "table_header", "td": "table_cell"}


class UnknownMarkdownError(ValueError):
    """The source uses something that a section's text cannot contain."""


def blocks(source: str) -> list[Node]:
    """Convert one section's Markdown; a footnote's text stays plain, *…* is italic.

    Raises:
        UnknownMarkdownError: an image, code, raw HTML, or a footnote without its text.
    """
    root = SyntaxTreeNode(_PARSER.parse(source))
    notes = dict(_footnotes(root))
    children = [child for child in root.children if child.type != "footnote_block"]
    return [_Reader(notes).block(child) for child in children]


def _footnotes(root: SyntaxTreeNode) -> Iterator[tuple[int, str]]:
    """Each note's number in the tree with its source text."""
    for node in root.walk():
        if node.type == "footnote":
            lines = [part.content for part in node.walk() if part.type == "inline"]
            yield int(node.meta["id"]), " ".join(lines)


class _Reader:
    """Walks the parsed tree of one source, with the texts of its footnotes at hand."""

    def __init__(self, notes: dict[int, str]) -> None:
        self._notes = notes

    def block(self, node: SyntaxTreeNode) -> Node:
        """One block with all that is in it."""
        if node.type in _TEXTBLOCKS:
            attrs: dict[str, object] = {}
            if node.type == "heading":
                attrs["level"] = int(node.tag[1:])
            return self._textblock(node.type, attrs, node.children)
        if node.type in _CONTAINERS:
            return {
                "type": node.type,
                "content": [self.block(child) for child in node.children],
            }
        if node.type == "ordered_list":
            start = node.attrs.get("start", 1)
            items = [self.block(child) for child in node.children]
            return _node("ordered_list", {"order": start} if start != 1 else {}, items)
        if node.type == "table":
            rows = [row for part in node.children for row in part.children]
            return {"type": "table", "content": [self._row(row) for row in rows]}
        if node.type == "hr":
            return {"type": "horizontal_rule"}
        raise UnknownMarkdownError(f"A section's text has no place for {node.type}.")

    def _row(self, row: SyntaxTreeNode) -> Node:
        cells = [
            _node(
                _CELLS[cell.type], {}, [self._textblock("paragraph", {}, cell.children)]
            )
            for cell in row.children
        ]
        return {"type": "table_row", "content": cells}

    def _textblock(
        self, kind: str, attrs: dict[str, object], children: list[SyntaxTreeNode]
    ) -> Node:
        [inline] = children
        lang = language_of(
            "".join(part.content for part in inline.walk() if part.type == "text")
        )
        if lang:
            attrs = {**attrs, "lang": lang}
        parts = [
            part for child in inline.children for part in self._inline(child, [], lang)
        ]
        return _node(kind, attrs, parts)

    def _inline(
        self, node: SyntaxTreeNode, marks: list[Node], lang: str | None
    ) -> Iterator[Node]:
        match node.type:
            case "text":
                yield from _texts(node.content, marks, lang)
            case "softbreak":
                yield from _texts(" ", marks, lang)
            case "hardbreak":
                yield {"type": "hard_break"}
            case "footnote_ref":
                yield {
                    "type": "footnote",
                    "attrs": {"text": self._notes[int(node.meta["id"])]},
                }
            case "em" | "strong" | "link":
                mark = _node(
                    node.type, {"href": node.attrs["href"]} if node.attrs else {}, []
                )
                for child in node.children:
                    yield from self._inline(child, [*marks, mark], lang)
            case _:
                raise UnknownMarkdownError(
                    f"A section's text has no place for {node.type}."
                )


def _texts(text: str, marks: list[Node], around: str | None) -> Iterator[Node]:
    """Text nodes under the given marks, a foreign run with a mark for its language."""
    for piece, lang in runs(text, around):
        all_marks = (
            [*marks, {"type": "lang", "attrs": {"lang": lang}}] if lang else marks
        )
        node: Node = {"type": "text", "text": piece}
        if all_marks:
            node["marks"] = sorted(all_marks, key=lambda mark: str(mark["type"]))
        yield node


def _node(kind: str, attrs: dict[str, object], content: list[Node]) -> Node:
    """Make a node without its empty parts, which the canonical form leaves out."""
    node: Node = {"type": kind}
    if attrs:
        node["attrs"] = attrs
    if content:
        node["content"] = content
    return node
