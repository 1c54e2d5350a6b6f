"""Blocks as safe HTML, for readers, versions and pages without the editor; pure.

Tags come from fixed tables, words and attributes are escaped, links have one of a few
schemes, and anything that the schema does not know is refused rather than passed through.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from workgroup.drafting.canonical import UnknownContentError
from workgroup.drafting.inline import (
    Labels,
    Node,
    Page,
    Passage,
    element,
    inline,
    is_inside,
    language,
    notes_list,
)
from workgroup.textlog import schema

PLAIN_TAGS = {
    "paragraph": "p",
    "blockquote": "blockquote",
    "bullet_list": "ul",
    "list_item": "li",
    "table_row": "tr",
}


def render(
    blocks: Iterable[Node],
    *,
    labels: Labels | None = None,
    passages: Sequence[Passage] = (),
    threads: Iterable[str] = (),
) -> Markup:
    """Write blocks as HTML, followed by their notes as a numbered list.

    Args:
        blocks: a text's blocks, in canonical form or as they stand in a draft.
        labels: the words beside the text.
        passages: ranges to highlight, by offsets into the canonical text.
        threads: the public ids of those whose marks in a draft are highlighted.

    Raises:
        UnknownContentError: the schema does not know a node or a mark.
    """
    page = Page(
        labels or Labels(),
        sorted(passages, key=lambda passage: passage.start)[::-1],
        frozenset(threads),
    )
    return _blocks(blocks, page) + notes_list(page)


def _blocks(nodes: Iterable[Node], page: Page) -> Markup:
    return Markup().join(_block(node, page) for node in nodes)


def _block(node: Node, page: Page) -> Markup:
    name, attrs = node["type"], node.get("attrs") or {}
    known = schema.NODES.get(name)
    if known is None or name == "doc":
        raise UnknownContentError(f"no node {name}")
    if name == "horizontal_rule":
        return Markup("<hr>")
    if name == "image":
        return _image(attrs, language(node))
    if name == "table":
        return _table(node, page)
    content = node.get("content", ())
    if known.text:
        if page.begun:
            page.offset += 1  # the line feed between blocks
        # An empty line keeps its height.
        inside = inline(content, page) or Markup("<br>")
    else:
        inside = _blocks(content, page)
    if name == "heading":
        level = min(max(int(attrs.get("level", 1)), 1), 3) + 1  # h1 is the title
        return element(f"h{level}", inside, language(node))
    if name == "ordered_list":
        start = int(attrs.get("order", 1))
        return element(
            "ol", inside, language(node) | ({"start": start} if start != 1 else {})
        )
    if name not in PLAIN_TAGS:
        raise UnknownContentError(f"{name} stands alone")
    return element(PLAIN_TAGS[name], inside, language(node))


def _table(node: Node, page: Page) -> Markup:
    rows = Markup().join(
        element("tr", _cells(row, page, first=at == 0), language(row))
        for at, row in enumerate(node.get("content", ()))
    )
    table = element("table", element("tbody", rows, {}), language(node))
    return Markup('<div class="scroll" tabindex="0">{}</div>').format(table)


def _cells(row: Node, page: Page, *, first: bool) -> Markup:
    """Write a row's cells; a header cell heads its column in the first row, else its row."""
    cells = []
    for cell in row.get("content", ()):
        heads = cell["type"] == "table_header"
        if not heads and cell["type"] != "table_cell":
            raise UnknownContentError(f"{cell['type']} in a row")
        attributes = language(cell)
        if heads:
            attributes["scope"] = "col" if first else "row"
        for span in ("colspan", "rowspan"):
            wide = int((cell.get("attrs") or {}).get(span, 1))
            if wide != 1:
                attributes[span] = wide
        inside = _blocks(cell.get("content", ()), page)
        cells.append(element("th" if heads else "td", inside, attributes))
    return Markup().join(cells)


def _image(attrs: Mapping[str, Any], lang: dict[str, object]) -> Markup:
    """Show a picture stored on this site; any other is only named, never fetched."""
    source, alternative = str(attrs.get("src", "")), str(attrs.get("alt", ""))
    if is_inside(source):
        picture = Markup('<img src="{}" alt="{}">').format(source, alternative)
    else:
        picture = Markup('<div class="missing-image">{}</div>').format(alternative)
    words = [str(attrs.get(name, "")) for name in ("caption", "credit", "licence")]
    caption = " · ".join(filter(None, words))
    if caption:
        picture += Markup("<figcaption>{}</figcaption>").format(caption)
    return element("figure", picture, lang)
