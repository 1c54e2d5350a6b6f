"""The content of one item of an update: words, a mark, an element, or an attribute's value."""

from collections.abc import Mapping

from workgroup.textlog import schema, slots
from workgroup.textlog.encoding import Reader
from workgroup.textlog.order import Order
from workgroup.textlog.runs import CLOCK_BITS
from workgroup.textlog.size import Size
from workgroup.textlog.slots import (
    CHILD,
    ELEMENT,
    FIELD,
    KEY,
    KIND,
    OWN,
    PARENT,
    TEXT,
    VALUE,
    WORDS,
)

DELETED, STRING, FORMAT, TYPE, ANY = 1, 4, 6, 7, 8
XML_ELEMENT, XML_TEXT = 3, 6
LAST_OF_ONE_UNIT = "\uffff"  # characters above this take two UTF-16 units


class RefusedError(Exception):
    """The update is not accepted. The message is for logs and tests."""


class Contents:
    """Reads the contents of one update's items, and counts their size."""

    __slots__ = ("before", "comments", "halves", "order", "reader", "size", "writer")

    def __init__(
        self, update: bytes, order: Order, writer: int, before: Mapping[int, int]
    ) -> None:
        self.reader = Reader(update)
        self.order = order
        self.writer = writer
        self.before = before  # marks that may overlap, begun in each text so far
        self.comments: dict[int, int] = {}  # … and with this update's own
        self.halves: set[int] = set()
        self.size = Size(len(update))

    def content(self, kind: int, slot: int, inside: int) -> tuple[int, int]:
        """Read an item's content; return what occupies the slot, and its length."""
        if kind == STRING:
            if slot != WORDS:
                raise RefusedError("slot: words")
            return WORDS, self.words()
        if kind == FORMAT:
            self.format(slot, inside)
            return WORDS, 1
        if kind == TYPE:
            return self.type(slot), 1
        if kind == ANY:
            self.attribute(slot)
            return slot, 1
        if kind == DELETED:
            return slot, self.length()
        raise RefusedError("content")

    def words(self) -> int:
        """Read words; return their length, and record surrogate pairs, which nobody may cut."""
        words = self.reader.words()
        if words.isascii():
            length = len(words)
        else:
            unit = first = self.writer << CLOCK_BITS | self.order.ends[self.writer]
            for character in words:
                unit += 1
                if character > LAST_OF_ONE_UNIT:
                    self.halves.add(unit)
                    unit += 1
            length = unit - first
        if not 0 < length <= schema.MAX_RUN:
            raise RefusedError("length")
        self.size.words += length
        return length

    def format(self, slot: int, inside: int) -> None:
        """Read the beginning or the end of a mark."""
        name = schema.mark_name(self.reader.words())
        if slot != WORDS or name is None:
            raise RefusedError("mark")
        mark, value = schema.MARKS[name], self.reader.json()
        if not mark.allows(value):
            raise RefusedError("mark's attributes")
        begun = self.comments.get(inside) or self.before.get(inside, 0)
        if mark.overlaps and value is not None:
            begun += 1
            self.comments[inside] = begun
        self.size.marks += schema.MARK_WEIGHT + begun

    def type(self, slot: int) -> int:
        """Read an element or a text; return what occupies its slot."""
        if slot & KIND != CHILD:
            raise RefusedError("slot: type")
        kind, parent = self.reader.number(), slot >> PARENT & FIELD
        self.size.elements += 1
        if kind == XML_TEXT:
            if not slots.HOLDS_TEXT[parent]:
                raise RefusedError("slot: text")
            return slot | TEXT
        if kind != XML_ELEMENT:
            raise RefusedError("type")
        node = slots.NODE_NUMBER.get(self.reader.text())
        if node is None:
            raise RefusedError("node")
        if node not in slots.CHILDREN[parent]:
            raise RefusedError("slot: node")
        return slot | ELEMENT | node << OWN

    def attribute(self, slot: int) -> None:
        """Read one attribute's value."""
        if slot & KIND != VALUE or self.reader.number() != 1:
            raise RefusedError("slot: value")
        attribute = slots.ATTRIBUTES[slot >> OWN & FIELD][slot >> KEY & FIELD]
        if not attribute.kind.allows(self.reader.value()):
            raise RefusedError("attribute's value")

    def length(self) -> int:
        """Read how many units there are."""
        length = self.reader.number()
        if not 0 < length <= schema.MAX_RUN:
            raise RefusedError("length")
        return length
