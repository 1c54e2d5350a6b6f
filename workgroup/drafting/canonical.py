"""The canonical form of a section's text, which a version stores and hashes.

It is JSON: title, kind, a recommendation's fields, then the blocks in document order;
sorted keys, code points as typed, no comment marks, attributes at their default left out.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from workgroup.drafting.states import SectionKind
from workgroup.textlog import schema

Json = dict[str, Any]

FORMAT = 1  # stored beside a form, never in it: the hash covers the form alone

KEPT_AT_DEFAULT = {"level"}  # a heading always states its level
UNHASHED_MARKS = {"comment"}  # discussion is beside the text, not part of it

# A run of letters and digits is a word, and so is each character of a script without
# spaces: word processors count in the same way.
_UNSPACED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+(?:['’.,-][^\W{_UNSPACED}]+)*")


class UnknownContentError(ValueError):
    """The text holds a node, mark or attribute that the schema does not know."""


class UnknownFormatError(ValueError):
    """A stored form was written by a later version of the program."""


def canonical_form(
    document: Mapping[str, Any],
    *,
    kind: SectionKind,
    title: str,
    addressees: str = "",
    horizon: str = "",
) -> Json:
    """Put a text and the fields above it into the one form that is hashed.

    Args:
        document: ProseMirror's JSON, ``{"type": "doc", "content": […]}``.
        kind: the section's kind.
        title: the section's title.
        addressees: kept for a recommendation, where there are any.
        horizon: likewise.

    Raises:
        UnknownContentError: the schema does not know something in the text.
    """
    form: Json = {"kind": kind.value, "title": title}
    if kind is SectionKind.RECOMMENDATION:
        fields = {"addressees": addressees, "horizon": horizon}
        form |= {name: words for name, words in fields.items() if words}
    form["blocks"] = _content(document.get("content", ()))
    return form


def read_form(stored: Mapping[str, Any], written: int) -> Json:
    """Return a stored form as pages and printing read it.

    Adds the defaults that the form leaves out. If the format ever changes, this reads the old
    ones as well, so that callers know only one. The hash is that of the stored form, not of this.

    Raises:
        UnknownFormatError: it was written by a later version of the program.
    """
    if written > FORMAT:
        raise UnknownFormatError(f"canonical form {written} needs a later version")
    return {"addressees": "", "horizon": "", "blocks": [], **stored}


def canonical_bytes(form: Mapping[str, Any]) -> bytes:
    """Write a canonical form as UTF-8 with sorted keys and no spaces between them."""
    return json.dumps(
        form, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def sha256(form: Mapping[str, Any]) -> str:
    """Return the hash of a canonical form in hexadecimal digits."""
    return hashlib.sha256(canonical_bytes(form)).hexdigest()


def plain_text(blocks: Iterable[Mapping[str, Any]]) -> str:
    """Return the plain text; offsets into it count code points.

    A line feed separates blocks and stands for a forced break; notes, pictures and references
    are left out.
    """
    text = ""
    for node in _walk(blocks):
        if node["type"] != "text" and _known(node).text and text:
            text += "\n"
        text += leaf_text(node)
    return text


def leaf_text(node: Mapping[str, Any]) -> str:
    """Return what one node itself adds to the plain text."""
    if node["type"] == "text":
        return str(node["text"])
    return "\n" if node["type"] == "hard_break" else ""


def word_count(blocks: Iterable[Mapping[str, Any]]) -> int:
    """Count words; each character of a script without spaces is one."""
    return len(_WORD.findall(plain_text(blocks)))


def _walk(nodes: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    for node in nodes:
        yield node
        yield from _walk(node.get("content", ()))


def _content(nodes: Iterable[Mapping[str, Any]]) -> list[Json]:
    content: list[Json] = []
    for node in nodes:
        clean = _text(node) if node["type"] == "text" else _element(node)
        if clean.get("text") == "":
            continue
        if content and _joins(content[-1], clean):
            content[-1]["text"] += clean["text"]
        else:
            content.append(clean)
    return content


def _joins(left: Json, right: Json) -> bool:
    """Return whether two text nodes differ only in marks that are not hashed, so that they join."""
    both_text = left["type"] == right["type"] == "text"
    return both_text and left.get("marks") == right.get("marks")


def _known(node: Mapping[str, Any]) -> schema.Node:
    known = schema.NODES.get(node["type"])
    if known is None:
        raise UnknownContentError(f"no node {node['type']}")
    return known


def _element(node: Mapping[str, Any]) -> Json:
    known = _known(node)
    clean: Json = {"type": node["type"]}
    attributes = _attributes(node.get("attrs") or {}, known.attributes)
    if attributes:
        clean["attrs"] = attributes
    if content := _content(node.get("content", ())):
        clean["content"] = content
    return clean


def _text(node: Mapping[str, Any]) -> Json:
    clean: Json = {"type": "text", "text": node["text"]}
    marks = [
        _mark(mark)
        for mark in node.get("marks", ())
        if mark["type"] not in UNHASHED_MARKS
    ]
    if marks:
        clean["marks"] = sorted(marks, key=canonical_bytes)
    return clean


def _mark(mark: Mapping[str, Any]) -> Json:
    known = schema.MARKS.get(mark["type"])
    if known is None:
        raise UnknownContentError(f"no mark {mark['type']}")
    clean: Json = {"type": mark["type"]}
    attributes = _attributes(mark.get("attrs") or {}, known.attributes)
    if attributes:
        clean["attrs"] = attributes
    return clean


def _attributes(
    given: Mapping[str, Any], known: Mapping[str, schema.Attribute]
) -> Json:
    if strange := given.keys() - known.keys():
        raise UnknownContentError(f"no attribute {sorted(strange)}")
    return {
        name: value
        for name, value in sorted(given.items())
        if value is not None
        and (name in KEPT_AT_DEFAULT or value != known[name].default)
    }
