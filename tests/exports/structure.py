"""Reads a PDF's tag tree, bookmarks, destinations and marked text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf


@dataclass(frozen=True)
class Tag:
    """One element of the tag tree."""

    kind: str
    element: pikepdf.Dictionary

    def get(self, name):
        return self.element.get(name)


def tags(pdf) -> Iterator[Tag]:
    """Yield the elements of the tag tree in reading order."""
    waiting = [pdf.Root.StructTreeRoot.K]
    while waiting:
        item = waiting.pop()
        if isinstance(item, pikepdf.Array):
            waiting.extend(reversed(list(item)))
        elif isinstance(item, pikepdf.Dictionary):
            if "/S" in item:
                yield Tag(str(item.S)[1:], item)
            if "/K" in item:
                waiting.append(item.K)


def read_aloud(pdf, tree):
    """Return the text that the tag tree leads to, in its order, with its page's number."""
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    spoken = [spoken_on(page) for page in pdf.pages]
    read = []
    for tag in tree:
        kids = tag.get("/K")
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                page = numbers[tag.get("/Pg").objgen]
                read.append((page + 1, spoken[page].pop(kid, "")))
    left = {number: texts for number, texts in enumerate(spoken, 1) if texts}
    return read, left


def spoken_on(page):
    """Return the text of each marked piece of a page by its id; artifacts have none."""
    letters = {name: _letters(font) for name, font in page.Resources.Font.items()}
    texts, stack, font = {}, [], None
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC":
                stack.append(int(operands[1].MCID))
                texts.setdefault(stack[-1], "")
            case "BMC":
                stack.append(None)
            case "EMC":
                stack.pop()
            case "Tf":
                font = letters[str(operands[0])]
            case "TJ" | "Tj" if stack and stack[-1] is not None:
                texts[stack[-1]] += "".join(_decoded(operands[0], font))
    return texts


def _decoded(operand, font):
    for piece in operand if isinstance(operand, pikepdf.Array) else [operand]:
        if isinstance(piece, pikepdf.String):
            glyphs = bytes(piece)
            for place in range(0, len(glyphs), 2):
                yield font.get(glyphs[place : place + 2].hex(), "")


def _letters(font):
    lines = font.ToUnicode.read_bytes().decode("latin-1")
    pairs = re.findall(r"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>", lines)
    return {
        glyph.lower(): bytes.fromhex(text).decode("utf-16-be") for glyph, text in pairs
    }


def bookmarks(pdf):
    """Return every bookmark's title and depth, in order."""
    with pdf.open_outline() as outline:
        return list(_flat(outline.root, 1))


def _flat(items, depth):
    for item in items:
        yield str(item.title), depth
        yield from _flat(item.children, depth + 1)


def destinations(pdf):
    """Return the page number, from 1, of every named destination."""
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
    names = pdf.Root.Names.Dests.Names
    return {
        str(names[place]): numbers[names[place + 1][0].objgen]
        for place in range(0, len(names), 2)
    }


def links(pdf):
    return [
        annotation
        for page in pdf.pages
        for annotation in page.get("/Annots", [])
        if annotation.Subtype == "/Link"
    ]


def fonts(pdf):
    """Yield every font with its name and its descriptor."""
    for font in pdf.pages[0].Resources.Font.values():
        descendants = font.get("/DescendantFonts")
        inner = descendants[0] if descendants is not None else font
        yield str(font.BaseFont), font, inner.FontDescriptor
