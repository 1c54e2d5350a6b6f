"""Which bytes may enter a stream: one Yjs update, checked against all that it holds.

Pure, and the border that hostile bytes do not cross. Whatever this accepts in order,
Yjs and pycrdt apply without a panic, a hang, a piece that waits for another, or a
blow-up. It also makes "gapless and causal" a fact about the stream instead of trust in
the editors: an update may build only on what lies in the stream before it.
"""

from workgroup.textlog import places, schema
from workgroup.textlog.encoding import MalformedError, Reader
from workgroup.textlog.places import (
    CHILD,
    COLLECTED,
    DEPTH,
    ELEMENT,
    FIELD,
    KEY,
    KIND,
    OWN,
    PARENT,
    TEXT,
    VALUE,
    WORDS,
    Runs,
)

HAS_ORIGIN, HAS_RIGHT, HAS_KEY = 128, 64, 32
CONTENT = 31  # the bits that say what kind of content follows
GC, DELETED, STRING, FORMAT, TYPE, ANY = 0, 1, 4, 6, 7, 8
XML_ELEMENT, XML_TEXT = 3, 6
ROOT = schema.ROOT.encode()
LAST_OF_ONE_UNIT = "\uffff"  # what lies above takes two UTF-16 units

Id = tuple[int, int]  # a client id and a clock


class RefusedError(Exception):
    """These bytes may not enter. The message is for logs and tests."""


class StreamState:
    """What the intake knows of a stream: it grows with each accepted update."""

    __slots__ = ("clocks", "halves", "runs")

    def __init__(self) -> None:
        self.clocks: dict[int, int] = {}  # the next clock of each writer
        self.runs: dict[int, Runs] = {}
        self.halves: set[Id] = set()  # second halves of pairs: nobody may cut there

    def admit(self, update: bytes, client: int) -> None:
        """Take one update of the writer with this client id into the state.

        Raises:
            RefusedError: the update may not enter; the state is as it was.
        """
        walk = _Walk(update, client, self)
        try:
            walk.structs()
            walk.deletions()
        except MalformedError as error:
            raise RefusedError(str(error)) from None
        if walk.clock > walk.first:
            self.runs.setdefault(client, Runs()).extend(walk.runs)
            self.clocks[client] = walk.clock
        self.halves |= walk.halves


class _Walk:
    """One walk over one update. Nothing outside it changes."""

    __slots__ = ("client", "clock", "first", "halves", "reader", "runs", "state")

    def __init__(self, update: bytes, client: int, state: StreamState) -> None:
        if len(update) > schema.MAX_UPDATE_BYTES:
            raise RefusedError("update too large")
        self.reader = Reader(update)
        self.client = client
        self.state = state
        self.first = self.clock = state.clocks.get(client, 0)
        self.runs = Runs()
        self.halves: set[Id] = set()

    def structs(self) -> None:
        """Walk what the update adds: at most one block, the sender's own."""
        reader = self.reader
        blocks = reader.number()
        if not blocks:
            return
        count = reader.number()
        if blocks > 1 or not 0 < count <= schema.MAX_STRUCTS:
            raise RefusedError("number of structs")
        if reader.number() != self.client:
            raise RefusedError("another writer's client id")
        if reader.number() != self.first:
            raise RefusedError("causal: own clock")
        for _ in range(count):
            info = reader.byte()
            if info & CONTENT == GC:
                place, length = self.collected(info)
            else:
                place, length = self.content(info & CONTENT, self.slot(info))
            if not 0 < length <= schema.MAX_RUN:
                raise RefusedError("length")
            self.runs.add(self.clock, place)
            self.clock += length
        if self.clock >= schema.MAX_CLOCK:
            raise RefusedError("clock")

    def collected(self, info: int) -> tuple[int, int]:
        """Read what was made and deleted in one go, with all that it held."""
        if info:
            raise RefusedError("flags")
        return COLLECTED, self.reader.number()

    # Where it lies

    def slot(self, info: int) -> int:
        """Find where an item goes: by the neighbours it names, else by its parent."""
        slot = None
        if info & HAS_ORIGIN:
            client, clock = self.known()
            self.cut(client, clock + 1)
            slot = self.beside(client, clock)
        if info & HAS_RIGHT:
            client, clock = self.known()
            self.cut(client, clock)
            right = self.beside(client, clock)
            if slot is not None and slot != right:
                raise RefusedError("place: neighbours differ")
            slot = right
        return self.inside(info) if slot is None else slot

    def top(self, client: int) -> int:
        """Give the first clock of a client that is not known here."""
        if client == self.client:
            return self.clock
        return self.state.clocks.get(client, 0)

    def known(self) -> Id:
        """Read an id that must lie in the stream, or earlier in this update."""
        client, clock = self.reader.number(), self.reader.number()
        if clock >= self.top(client):
            raise RefusedError("causal: not in the stream")
        return client, clock

    def cut(self, client: int, clock: int) -> None:
        """Refuse a cut before this unit if it is the second half of a pair.

        Such a cut shifts every later clock when pycrdt encodes the document: the next
        snapshot would hold another text, without a word.
        """
        for halves in (self.state.halves, self.halves):
            if halves and (client, clock) in halves:
                raise RefusedError("surrogate pair")

    def place(self, client: int, clock: int) -> int:
        """Find a known unit's place."""
        if client == self.client and clock >= self.first:
            return self.runs.at(clock)
        return self.state.runs[client].at(clock)

    def beside(self, client: int, clock: int) -> int:
        """Find the slot that a neighbour lies in."""
        place = self.place(client, clock)
        if place == COLLECTED:
            raise RefusedError("place: nothing left there")
        return places.beside(place)

    def inside(self, info: int) -> int:
        """Find the slot in a parent: the root, an element, its attribute or a text."""
        reader = self.reader
        if reader.number() == 1:
            if reader.block() != ROOT or info & HAS_KEY:
                raise RefusedError("root name")
            return places.IN_ROOT
        parent = self.place(*self.known())
        kind, node = parent & KIND, parent >> OWN & FIELD
        if kind == TEXT and not info & HAS_KEY:
            return WORDS
        if kind != ELEMENT:
            raise RefusedError("place: no parent")
        if info & HAS_KEY:
            key = places.KEY_NUMBER[node].get(reader.text())
            if key is None:
                raise RefusedError("attribute")
            return VALUE | node << OWN | key << KEY
        depth = (parent >> DEPTH) + 1
        if depth > schema.MAX_DEPTH:
            raise RefusedError("depth")
        return CHILD | node << PARENT | depth << DEPTH

    # What it is

    def content(self, kind: int, slot: int) -> tuple[int, int]:
        """Read an item's content; give its place and its length in units."""
        if kind == STRING:
            if slot != WORDS:
                raise RefusedError("place: words")
            return WORDS, self.words()
        if kind == FORMAT:
            self.format(slot)
            return WORDS, 1
        if kind == TYPE:
            return self.type(slot), 1
        if kind == ANY:
            self.attribute(slot)
            return slot, 1
        if kind == DELETED:
            return slot, self.reader.number()
        raise RefusedError("content")

    def words(self) -> int:
        """Read words; give their length and note the pairs that nobody may cut."""
        words = self.reader.text()
        if words.isascii():
            return len(words)
        end = self.clock
        for character in words:
            end += 1
            if character > LAST_OF_ONE_UNIT:
                self.halves.add((self.client, end))
                end += 1
        return end - self.clock

    def format(self, slot: int) -> None:
        """Read the beginning or the end of a mark."""
        name = schema.mark_name(self.reader.text())
        if slot != WORDS or name is None:
            raise RefusedError("mark")
        if not schema.MARKS[name].allows(self.reader.json()):
            raise RefusedError("mark's attributes")

    def type(self, slot: int) -> int:
        """Read an element or a text; give its place."""
        if slot & KIND != CHILD:
            raise RefusedError("place: type")
        kind, parent = self.reader.number(), slot >> PARENT & FIELD
        if kind == XML_TEXT:
            if not places.HOLDS_TEXT[parent]:
                raise RefusedError("place: text")
            return slot | TEXT
        if kind != XML_ELEMENT:
            raise RefusedError("type")
        node = places.NODE_NUMBER.get(self.reader.text())
        if node is None:
            raise RefusedError("node")
        if node not in places.CHILDREN[parent]:
            raise RefusedError("place: node")
        return slot | ELEMENT | node << OWN

    def attribute(self, slot: int) -> None:
        """Read one attribute's value."""
        if slot & KIND != VALUE or self.reader.number() != 1:
            raise RefusedError("place: value")
        attribute = places.ATTRIBUTES[slot >> OWN & FIELD][slot >> KEY & FIELD]
        if not attribute.kind.allows(self.reader.value()):
            raise RefusedError("attribute's value")

    # What it takes away

    def deletions(self) -> None:
        """Walk the deleted runs, of any writer, and see that nothing follows."""
        reader = self.reader
        clients, left = reader.number(), schema.MAX_DELETED_RUNS
        if not clients and self.clock == self.first:
            raise RefusedError("empty")
        for _ in range(clients):
            client, count = reader.number(), reader.number()
            left -= count
            if count < 1 or left < 0:
                raise RefusedError("deleted runs")
            top = self.top(client)
            for _ in range(count):
                start, length = reader.number(), reader.number()
                if not length or start + length > top:
                    raise RefusedError("causal: deletes what is not there")
                self.cut(client, start)
                self.cut(client, start + length)
        if not reader.is_done:
            raise RefusedError("trailing bytes")
