"""Runs of text inside a paragraph, as HTML: marks, footnotes, breaks, references."""

import re
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from exports.characters import script_language, set_as
from exports.problems import ExportError

Node = dict[str, Any]

# Outermost first. A comment's mark is not printed and must not split the text.
PRINTED_MARKS = ("link", "lang", "insertion", "deletion", "strong", "em")
_UNPRINTED_MARKS = {"comment"}

_SCHEMES = ("http://", "https://", "mailto:")
_WITHIN_SITE = ("/", "#")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ADDRESS = re.compile(r"https?://[^\s<>]*[^\s<>.,;:!?'\"’”)\]}。、，）」]")
# Words of another script inside a note: each run is named with its language.
_KOREAN_RUN = re.compile(r"[\uac00-\ud7a3]+(?:[ \d.·]+[\uac00-\ud7a3]+)*")
_JAPANESE_RUN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]+")
_KANA = re.compile(r"[\u3040-\u30ff]")  # without any, a run may be Chinese
_ITALIC = re.compile(r"\*([^*\s](?:[^*]*[^*\s])?)\*")


class InlineWriter:
    """Writes the inline content of one section.

    Args:
        section: the section's title, for errors.
        targets: the anchor that a reference to a section leads to, by its key.
    """

    def __init__(self, section: str, targets: dict[str, str]) -> None:
        self.section = section
        self.targets = targets
        self._atoms: dict[str, Callable[[Node], Markup]] = {
            "hard_break": self._hard_break,
            "footnote": self._footnote,
            "cross_reference": self._cross_reference,
        }

    def write(self, nodes: Iterable[Node]) -> Markup:
        """Return the nodes as HTML; neighbors that are printed alike become one run."""
        marked = [(self._printed_marks(node), node) for node in nodes]
        return Markup().join(
            self._link(href, [(marks[1:], node) for marks, node in group])
            for href, group in groupby(marked, key=lambda pair: pair[0][0])
        )

    def plain(self, nodes: Iterable[Node]) -> str:
        """Return the plain text, for bookmarks and the table of contents."""
        texts = [
            " " if node.get("type") == "hard_break" else str(node.get("text", ""))
            for node in nodes
        ]
        return re.sub(r"\s+", " ", "".join(texts)).strip()

    def language(self, value: object) -> str | None:
        """Return a language tag that is safe as an attribute.

        Raises:
            ExportError: it is not a language tag.
        """
        if value in (None, ""):
            return None
        if isinstance(value, str) and _LANGUAGE.fullmatch(value):
            return value
        raise ExportError(
            "bad-language",
            f"“{self.section}” names no language: {value!r}.",
            section=self.section,
        )

    def _link(
        self, href: str | None, runs: list[tuple[tuple[str | None, ...], Node]]
    ) -> Markup:
        inside = Markup().join(
            self._run(marks, [node for _, node in group])
            for marks, group in groupby(runs, key=lambda pair: pair[0])
        )
        return Markup('<a href="{}">{}</a>').format(href, inside) if href else inside

    def _run(self, marks: tuple[str | None, ...], nodes: list[Node]) -> Markup:
        html = Markup().join(
            self._leaf(is_text, list(group))
            for is_text, group in groupby(nodes, key=_is_text)
        )
        language, *others = marks
        for name, value in zip(
            reversed(PRINTED_MARKS[2:]), reversed(others), strict=True
        ):
            if value is not None:
                html = Markup("<{0}>{1}</{0}>").format(_TAGS[name], html)
        return (
            Markup('<span lang="{}">{}</span>').format(language, html)
            if language
            else html
        )

    def _leaf(self, is_text: bool, nodes: list[Node]) -> Markup:  # noqa: FBT001 - groupby gives it
        if is_text:
            return escape(set_as("".join(str(node.get("text", "")) for node in nodes)))
        return Markup().join(self._atom(node) for node in nodes)

    def _atom(self, node: Node) -> Markup:
        write = self._atoms.get(str(node.get("type")))
        if write is None:
            raise ExportError(
                "unknown-node",
                f"“{self.section}” holds an unknown piece: {node.get('type')!r}.",
                section=self.section,
            )
        return write(node)

    def _printed_marks(self, node: Node) -> tuple[str | None, ...]:
        """Return each printed mark's value in their order; None where it is not set."""
        found: dict[str, str | None] = {}
        for mark in node.get("marks", []):
            name, attributes = str(mark.get("type")), mark.get("attrs", {})
            if name in _UNPRINTED_MARKS:
                continue
            if name == "link":
                found[name] = self._href(attributes.get("href"))
            elif name == "lang":
                found[name] = self.language(attributes.get("lang")) or ""
            elif name in PRINTED_MARKS:
                found[name] = ""
            else:
                raise ExportError(
                    "unknown-mark",
                    f"“{self.section}” holds an unknown mark: {name!r}.",
                    section=self.section,
                )
        return tuple(found.get(name) for name in PRINTED_MARKS)

    def _href(self, value: object) -> str | None:
        if isinstance(value, str) and value.lower().startswith(_SCHEMES):
            return value
        if isinstance(value, str) and value.startswith(_WITHIN_SITE):
            return None  # leads nowhere on paper, so only the words are printed
        raise ExportError(
            "bad-link",
            f"“{self.section}” holds a link that is no web or mail address: {value!r}.",
            section=self.section,
        )

    def _hard_break(self, _node: Node) -> Markup:
        return Markup("<br>")

    def _cross_reference(self, node: Node) -> Markup:
        attributes = node.get("attrs", {})
        label = set_as(str(attributes.get("label", "")))
        anchor = self.targets.get(str(attributes.get("target", "")))
        # A rejected section is not printed; a reference to it stays as its words.
        return (
            Markup('<a class="reference" href="#{}">{}</a>').format(anchor, label)
            if anchor
            else escape(label)
        )

    def _footnote(self, node: Node) -> Markup:
        text = str(node.get("attrs", {}).get("text", ""))
        language = script_language(text)
        attribute = Markup(' lang="{}"').format(language) if language else ""
        return Markup('<span class="footnote" data-tag="Note"{}>{}</span>').format(
            attribute, _footnote_text(text)
        )


_TAGS = {"insertion": "ins", "deletion": "del", "strong": "strong", "em": "em"}


def _is_text(node: Node) -> bool:
    return node.get("type") == "text"


def _footnote_text(text: str) -> Markup:
    """Return a note's plain text with its addresses as links and ``*…*`` in italics."""
    pieces, end = [], 0
    for match in _ADDRESS.finditer(text):
        pieces.append(_with_italics(text[end : match.start()]))
        pieces.append(
            Markup('<a class="address" href="{0}">{0}</a>').format(match.group())
        )
        end = match.end()
    return Markup().join([*pieces, _with_italics(text[end:])])


def _with_italics(text: str) -> Markup:
    html = _ITALIC.sub(r"<em>\1</em>", str(escape(text)))
    html = _KOREAN_RUN.sub(r'<span lang="ko">\g<0></span>', html)
    html = _JAPANESE_RUN.sub(_as_japanese, html)
    return Markup(set_as(html))  # noqa: S704 - escaped before the tags came


def _as_japanese(run: re.Match[str]) -> str:
    words = run.group()
    return f'<span lang="ja">{words}</span>' if _KANA.search(words) else words
