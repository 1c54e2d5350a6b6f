"""The first words of a text as one Yjs update, stored as the editor would store them.

The server writes these itself. If an editor did, its first undo would remove them, and two
editors would write them twice.
"""

import base64
import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from workgroup.textlog import schema
from workgroup.textlog.encoding import json_text, number, text, units, value

Block = Mapping[str, Any]  # ProseMirror's JSON, whose content has any shape
Id = tuple[int, int]

EMPTY: tuple[Block, ...] = ({"type": "paragraph"},)
STRING, FORMAT, TYPE, ANY = 4, 6, 7, 8
XML_ELEMENT, XML_TEXT = 3, 6
HAS_ORIGIN, HAS_KEY = 128, 32
HASH_BYTES = 6


def new_client_id() -> int:
    """Draw a client id as Yjs does: random, 31 bits, never 0."""
    return secrets.randbelow(2**31 - 1) + 1


def seed_update(blocks: Sequence[Block], client_id: int) -> bytes:
    """Write blocks as the first update of a stream; no blocks are one empty paragraph.

    Raises:
        ValueError: the schema has no such node, mark or attribute.
    """
    document = _Document(client_id)
    document.children(None, blocks or EMPTY)
    head = (1, len(document.structs), client_id, 0)
    return b"".join((*map(number, head), *document.structs, number(0)))


class _Document:
    """The structs written so far, and the next clock."""

    def __init__(self, client_id: int) -> None:
        self.client_id = client_id
        self.clock = 0
        self.structs: list[bytes] = []

    def add(
        self, ref: int, where: tuple[int, bytes], content: bytes, length: int = 1
    ) -> Id:
        """Add one struct; return the id of its last unit."""
        flags, place = where
        self.structs.append(bytes((ref | flags,)) + place + content)
        self.clock += length
        return self.client_id, self.clock - 1

    def child(self, parent: Id | None, before: Id | None) -> tuple[int, bytes]:
        """Return where a child goes: after its neighbor, else first in its parent."""
        if before:
            return HAS_ORIGIN, _id(before)
        if parent:
            return 0, number(0) + _id(parent)
        return 0, number(1) + text(schema.ROOT)

    def children(self, parent: Id | None, nodes: Iterable[Block]) -> None:
        """Add elements, and each run of words between them as one text."""
        before: Id | None = None
        for is_words, run in groupby(nodes, lambda node: bool(node["type"] == "text")):
            if is_words:
                before = self.add(TYPE, self.child(parent, before), number(XML_TEXT))
                self.words(before, run)
                continue
            for node in run:
                before = self.element(parent, before, node)

    def element(self, parent: Id | None, before: Id | None, node: Block) -> Id:
        """Add an element with its attributes and all that it holds."""
        name = str(node["type"])
        known = schema.NODES.get(name)
        if known is None:
            raise ValueError(f"no node {name}")
        content = number(XML_ELEMENT) + text(name)
        element = self.add(TYPE, self.child(parent, before), content)
        for key, attribute in _attributes(node, known.attributes):
            where = HAS_KEY, number(0) + _id(element) + text(key)
            self.add(ANY, where, number(1) + value(attribute))
        self.children(element, node.get("content", ()))
        return element

    def words(self, parent: Id, run: Iterable[Block]) -> None:
        """Add words, and a mark's beginning and end where they change."""
        before: Id | None = None
        current: dict[str, object] = {}
        for node in (*run, {"text": ""}):
            wanted = _stored_marks(node.get("marks", ()))
            for name in [*current, *(name for name in wanted if name not in current)]:
                if current.get(name) != wanted.get(name):
                    content = text(name) + text(json_text(wanted.get(name)))
                    before = self.add(FORMAT, self.child(parent, before), content)
            current = wanted
            if words := str(node["text"]):
                where = self.child(parent, before)
                before = self.add(STRING, where, text(words), units(words))


def _attributes(
    node: Block, known: Mapping[str, schema.Attribute]
) -> Iterator[tuple[str, object]]:
    """List the attributes to store: y-prosemirror stores defaults, and never null."""
    given = node.get("attrs", {})
    if not given.keys() <= known.keys():
        raise ValueError(f"no such attribute: {sorted(given.keys() - known.keys())}")
    for key, attribute in known.items():
        content = given.get(key, attribute.default)
        if content is None and not attribute.required:
            continue
        if not attribute.kind.allows(content):
            raise ValueError(f"{node['type']} with {key} {content!r}")
        yield key, content


def _stored_marks(marks: Iterable[Block]) -> dict[str, object]:
    """Name marks as y-prosemirror does, those that may overlap by a hash."""
    stored: dict[str, object] = {}
    for mark in marks:
        name, attributes = mark["type"], dict(mark.get("attrs", {}))
        known = schema.MARKS.get(name)
        if known is None or not known.allows(attributes):
            raise ValueError(f"no such mark: {mark}")
        stored[_hashed(name, attributes) if known.overlaps else name] = attributes
    return stored


def _hashed(name: str, attributes: Mapping[str, object]) -> str:
    content = {"type": name, "attrs": attributes} if attributes else {"type": name}
    digest = hashlib.sha256(value(content)).digest()
    folded = bytearray(digest[:HASH_BYTES])
    for position, byte in enumerate(digest[HASH_BYTES:], HASH_BYTES):
        folded[position % HASH_BYTES] ^= byte
    return f"{name}--{base64.b64encode(folded).decode()}"


def _id(unit: Id) -> bytes:
    return number(unit[0]) + number(unit[1])
