"""The text of a section, from ProseMirror JSON to HTML; unknown nodes and marks are refused."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from exports.characters import set_as
from exports.inline import InlineWriter
from exports.problems import ExportError

Node = dict[str, Any]

# A longer table continues on the next page, where it repeats its head.
_ROWS_KEPT_TOGETHER = 12
_DEEPEST = 6
_WIDEST_COLUMN = 10_000  # pixels; no editor sets a larger width


@dataclass(frozen=True)
class Heading:
    """A heading in a section: its anchor, bare text, and depth in the whole file."""

    anchor: str
    title: str
    depth: int
    lang: str | None


class BlockWriter:
    """Writes the blocks of one section and keeps its headings.

    Args:
        section: the section's title, for errors.
        anchor: the section's own anchor, from which those of its headings are made.
        depth: of the section's own heading; those inside start one below it.
        targets: where cross-references lead.
        images: the address that each image's ``src`` stands for.
        figure: the caption's first words for a number, such as "Figure 1".
    """

    def __init__(
        self,
        section: str,
        *,
        anchor: str,
        depth: int,
        targets: dict[str, str],
        images: dict[str, str],
        figure: Callable[[], str],
        credit: str,
    ) -> None:
        self.section = section
        self.headings: list[Heading] = []
        self._anchor = anchor
        self._depth = self._last_depth = depth
        self._images = images
        self._figure = figure
        self._credit = credit
        self._inline = InlineWriter(section, targets)
        self._blocks: dict[str, Callable[[Node], Markup]] = {
            "paragraph": self._paragraph,
            "heading": self._heading,
            "blockquote": self._blockquote,
            "bullet_list": self._bullet_list,
            "ordered_list": self._ordered_list,
            "table": self._table,
            "horizontal_rule": self._horizontal_rule,
            "image": self._image,
        }

    def write(self, nodes: Iterable[Node]) -> Markup:
        """Return the blocks as HTML.

        Raises:
            ExportError: a node, mark, link or image is not one that may be printed.
        """
        return Markup("\n").join(self._block(node) for node in nodes)

    def _block(self, node: Node) -> Markup:
        write = self._blocks.get(str(node.get("type")))
        if write is None:
            raise self._unknown(node)
        return write(node)

    def _paragraph(self, node: Node) -> Markup:
        inside = self._inline.write(node.get("content", []))
        # An empty line in the editor is not a paragraph of the report.
        return (
            Markup("<p{}>{}</p>").format(self._language(node), inside)
            if inside.strip()
            else Markup()
        )

    def _heading(self, node: Node) -> Markup:
        content = node.get("content", [])
        title = self._inline.plain(content)
        if not title:
            return Markup()
        level = max(_whole(_attributes(node).get("level"), 1), 1)
        # For screen readers, no heading may be two levels below the one before it.
        depth = min(self._depth + level, self._last_depth + 1, _DEEPEST)
        self._last_depth = depth
        anchor = f"{self._anchor}-h{len(self.headings) + 1}"
        language = self._inline.language(_attributes(node).get("lang"))
        heading = Heading(anchor, title, depth, language)
        self.headings.append(heading)
        return Markup(
            '<h{0} id="{1}" class="level-{2}" data-title="{3}"{4}>{5}</h{0}>'
        ).format(
            depth,
            heading.anchor,
            depth - self._depth,
            title,
            self._language(node),
            self._inline.write(content),
        )

    def _blockquote(self, node: Node) -> Markup:
        return self._wrapped("blockquote", node)

    def _bullet_list(self, node: Node) -> Markup:
        return Markup("<ul{}>\n{}\n</ul>").format(
            self._language(node), self._items(node)
        )

    def _ordered_list(self, node: Node) -> Markup:
        start = _whole(_attributes(node).get("order"), 1)
        return Markup('<ol start="{}"{}>\n{}\n</ol>').format(
            start, self._language(node), self._items(node)
        )

    def _items(self, node: Node) -> Markup:
        return Markup("\n").join(
            self._wrapped("li", item) for item in self._only("list_item", node)
        )

    def _table(self, node: Node) -> Markup:
        rows = self._only("table_row", node)
        head = next(
            (index for index, row in enumerate(rows) if not _is_head(row)), len(rows)
        )
        # A table of headers alone still needs a body to be a table.
        head = 0 if head == len(rows) else head
        kept = "kept" if len(rows) <= _ROWS_KEPT_TOGETHER else "broken"
        return Markup('<table class="wide {}"{}>\n{}{}{}\n</table>').format(
            kept,
            self._language(node),
            _columns(rows),
            self._rows("thead", rows[:head], "col"),
            self._rows("tbody", rows[head:], "row"),
        )

    def _rows(self, part: str, rows: list[Node], scope: str) -> Markup:
        if not rows:
            return Markup()
        inside = Markup("\n").join(
            Markup("<tr>{}</tr>").format(
                Markup().join(
                    self._cell(cell, scope) for cell in row.get("content", [])
                )
            )
            for row in rows
        )
        return Markup("<{0}>\n{1}\n</{0}>").format(part, inside)

    def _cell(self, node: Node, scope: str) -> Markup:
        kind = node.get("type")
        if kind not in {"table_cell", "table_header"}:
            raise self._unknown(node)
        attributes = (
            Markup(' scope="{}"').format(scope) if kind == "table_header" else Markup()
        )
        for name in ("colspan", "rowspan"):
            if (span := _whole(_attributes(node).get(name), 1)) > 1:
                attributes += Markup(' {}="{}"').format(name, span)
        tag = "th" if kind == "table_header" else "td"
        return Markup("<{0}{1}{2}>{3}</{0}>").format(
            tag, attributes, self._language(node), self.write(node.get("content", []))
        )

    def _horizontal_rule(self, _node: Node) -> Markup:
        return Markup("<hr>")

    def _image(self, node: Node) -> Markup:
        attributes = _attributes(node)
        source, caption = (
            str(attributes.get("src", "")),
            str(attributes.get("caption") or ""),
        )
        if source not in self._images:
            raise ExportError(
                "missing-image",
                f"“{self.section}” shows an image that is not there: {source!r}.",
                section=self.section,
            )
        alternative = str(attributes.get("alt") or caption)
        if not alternative:
            raise ExportError(
                "missing-alternative",
                f"“{self.section}” shows an image without alternative text.",
                section=self.section,
            )
        width = min(max(_whole(attributes.get("width"), 100), 20), 100)
        credit = [
            str(attributes[name])
            for name in ("credit", "licence")
            if attributes.get(name)
        ]
        return Markup(
            '<figure class="wide"{}>'
            '<img src="{}" alt="{}" style="width:{}%">'
            '<figcaption><b>{}</b> {} <span class="credit">{}</span></figcaption>'
            "</figure>"
        ).format(
            self._language(node),
            self._images[source],
            alternative,
            width,
            self._figure(),
            set_as(caption),
            set_as(f"{self._credit} {', '.join(credit)}") if credit else "",
        )

    def _wrapped(self, tag: str, node: Node) -> Markup:
        return Markup("<{0}{1}>{2}</{0}>").format(
            tag, self._language(node), self.write(node.get("content", []))
        )

    def _only(self, kind: str, node: Node) -> list[Node]:
        children: list[Node] = node.get("content", [])
        for child in children:
            if child.get("type") != kind:
                raise self._unknown(child)
        return children

    def _language(self, node: Node) -> Markup:
        language = self._inline.language(_attributes(node).get("lang"))
        return Markup(' lang="{}"').format(language) if language else Markup()

    def _unknown(self, node: Node) -> ExportError:
        return ExportError(
            "unknown-node",
            f"“{self.section}” holds an unknown piece: {node.get('type')!r}.",
            section=self.section,
        )


def _attributes(node: Node) -> dict[str, Any]:
    attributes: dict[str, Any] = node.get("attrs") or {}
    return attributes


def _whole(value: object, default: int) -> int:
    # The editor's numbers are JavaScript's, where 2 and 2.0 are the same.
    return int(value) if isinstance(value, int | float) else default


def _is_head(row: Node) -> bool:
    cells = row.get("content", [])
    return bool(cells) and all(cell.get("type") == "table_header" for cell in cells)


def _columns(rows: list[Node]) -> Markup:
    """Return the columns' shares of the width, if all of them are set."""
    widths: list[int] = []
    for cell in rows[0].get("content", []) if rows else []:
        span = _whole(_attributes(cell).get("colspan"), 1)
        set_widths = _attributes(cell).get("colwidth") or [0] * span
        widths.extend(_whole(width, 0) for width in set_widths)
    if not widths or not all(0 < width < _WIDEST_COLUMN for width in widths):
        return Markup()
    columns = [
        Markup('<col style="width:{:.1f}%">').format(100 * width / sum(widths))
        for width in widths
    ]
    return Markup("<colgroup>{}</colgroup>\n").format(Markup().join(columns))
