"""The words of a block as safe HTML: marks, links, notes, highlighted passages; pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

from markupsafe import Markup

from workgroup.drafting.canonical import UnknownContentError, leaf_text
from workgroup.textlog import schema

Node = Mapping[str, Any]

MARK_TAGS = {"insertion": "ins", "deletion": "del", "strong": "strong", "em": "em"}
MARK_ORDER = ("lang", *MARK_TAGS)  # outermost first

_ADDRESS = re.compile(r"https?://[^\s<>]*[^\s<>.,;:!?'\"’”)\]}。、，）」]")
_ITALIC = re.compile(r"\*([^*\s](?:[^*]*[^*\s])?)\*")


@dataclass(frozen=True, kw_only=True)
class Passage:
    """Words that a thread is about: a range of the text's code points."""

    thread: str  # its public id
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Labels:
    """The few words that stand in rendered text, in the reader's language."""

    notes: str = "Notes"
    back: str = "Back to the text"


@dataclass
class Page:
    """What is counted while a text is rendered."""

    labels: Labels
    passages: list[Passage]  # not begun yet; the next one last
    threads: frozenset[str]
    # Begun and not ended, by their beginning.
    near: list[Passage] = field(default_factory=list)
    offset: int = 0
    begun: bool = False
    notes: list[str] = field(default_factory=list)


def element(tag: str, content: Markup, attributes: Mapping[str, object]) -> Markup:
    """Write one element; ``tag`` and the attributes' names come from our code, never from a text."""
    written = Markup().join(
        Markup(' {}="{}"').format(name, value)
        for name, value in attributes.items()
        if value is not None
    )
    return Markup("<{0}{1}>{2}</{0}>").format(tag, written, content)


def language(node: Node) -> dict[str, object]:
    """Return a node's or mark's language as the attribute, where it names one."""
    lang = (node.get("attrs") or {}).get("lang")
    known = isinstance(lang, str) and schema.LANG.fullmatch(lang)
    return {"lang": lang} if known else {}


def inline(nodes: Iterable[Node], page: Page) -> Markup:
    """Write words with their marks; neighbors with the same target become one link."""
    return Markup().join(
        _link(target, [part for node in group for part in _leaf(node, page)])
        for target, group in groupby(nodes, key=_target)
    )


def _target(node: Node) -> str:
    for mark in node.get("marks", ()):
        if mark["type"] == "link":
            return str(mark["attrs"]["href"])
    return ""


def _link(target: str, parts: list[Markup]) -> Markup:
    content = Markup().join(parts)
    if not schema.LINK.fullmatch(target) or target.startswith(("//", "/\\")):
        return content
    outside = not target.startswith(("/", "#"))
    rel = "noopener noreferrer" if outside else None
    return element("a", content, {"href": target, "rel": rel})


def is_inside(address: str) -> bool:
    """Return whether an address is on this site; one that starts with two slashes is not."""
    return address.startswith("/") and not address.startswith(("//", "/\\"))


def _leaf(node: Node, page: Page) -> Iterable[Markup]:
    name, attrs = node["type"], node.get("attrs") or {}
    if name == "text":
        yield from _words(node, page)
    elif name == "hard_break":
        _advance(page, leaf_text(node))
        yield Markup("<br>")
    elif name == "footnote":
        page.notes.append(str(attrs.get("text", "")))
        number = len(page.notes)
        yield Markup(
            '<a class="fn" id="noteref-{0}" href="#note-{0}" role="doc-noteref">{0}</a>'
        ).format(number)
    elif name == "cross_reference":
        words = attrs.get("label") or attrs.get("target", "")
        yield Markup('<span class="xref">{}</span>').format(words)
    else:
        raise UnknownContentError(f"{name} among words")


def _advance(page: Page, words: str) -> int:
    """Count words; return the offset at which they begin."""
    start = page.offset
    page.offset += len(words)
    page.begun = page.begun or bool(words)
    return start


def _words(node: Node, page: Page) -> Iterable[Markup]:
    """Write one run, cut where a highlighted passage begins or ends."""
    words = leaf_text(node)
    start = _advance(page, words)
    _come_near(page, start)
    cuts = {0, len(words)}
    for passage in page.near:
        cuts |= {passage.start - start, passage.end - start}
    places = sorted(cut for cut in cuts if 0 <= cut <= len(words))
    for begin, end in pairwise(places):
        content = _marked(Markup("{}").format(words[begin:end]), node)
        thread = _thread_at(node, page, start + begin)
        if thread:
            content = Markup('<span class="cm" data-passage="{}">{}</span>').format(
                thread, content
            )
        yield content


def _come_near(page: Page, start: int) -> None:
    """Update the passages near the run just counted: a page may have a thousand of them in all."""
    while page.passages and page.passages[-1].start < page.offset:
        page.near.append(page.passages.pop())
    page.near = [passage for passage in page.near if passage.end > start]


def _thread_at(node: Node, page: Page, offset: int) -> str:
    for passage in reversed(page.near):
        if passage.start <= offset < passage.end:
            return passage.thread
    for mark in node.get("marks", ()):
        if mark["type"] == "comment" and str(mark["attrs"]["id"]) in page.threads:
            return str(mark["attrs"]["id"])
    return ""


def _marked(content: Markup, node: Node) -> Markup:
    marks = {mark["type"]: mark for mark in node.get("marks", ())}
    if strange := marks.keys() - schema.MARKS.keys():
        raise UnknownContentError(f"no mark {sorted(strange)}")
    for name in reversed(MARK_ORDER):
        if name in marks:
            tag = MARK_TAGS.get(name, "span")
            content = element(tag, content, language(marks[name]))
    return content


def notes_list(page: Page) -> Markup:
    """Write the notes found so far as a numbered list, each with a link back."""
    if not page.notes:
        return Markup()
    items = Markup().join(
        Markup(
            '<li id="note-{0}">{1} <a href="#noteref-{0}" role="doc-backlink" '
            'aria-label="{2}">↩</a></li>'
        ).format(number, note_html(text), page.labels.back)
        for number, text in enumerate(page.notes, 1)
    )
    return Markup(
        '<section class="notes" role="doc-endnotes" aria-label="{}"><ol>{}</ol></section>'
    ).format(page.labels.notes, items)


def note_html(text: str) -> Markup:
    """Write a note: words between asterisks in italics, addresses as links."""
    written, at = Markup(), 0
    for found in _ADDRESS.finditer(text):
        written += _italics(text[at : found.start()]) + _link(
            found[0], [Markup("{}").format(found[0])]
        )
        at = found.end()
    return written + _italics(text[at:])


def _italics(text: str) -> Markup:
    pieces = _ITALIC.split(text)
    return Markup().join(
        element("em", Markup("{}").format(piece), {})
        if at % 2
        else Markup("{}").format(piece)
        for at, piece in enumerate(pieces)
    )
