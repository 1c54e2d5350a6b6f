"""Which bytes may enter a stream: each Yjs update, checked against everything before it.

Pure, and the border that hostile bytes must not cross. Yjs and pycrdt can apply everything
that this accepts, in order, without a panic, a hang, a struct that waits for another one, or a
blow-up, and all of them read the same text. It also guarantees that a stream has no gaps and
is causal, without having to trust the editors: an update may build only on what is in the
stream before it.
"""

from workgroup.textlog import schema, slots
from workgroup.textlog.contents import Contents, RefusedError
from workgroup.textlog.encoding import MalformedError
from workgroup.textlog.order import Order
from workgroup.textlog.runs import (
    CLOCK_BITS,
    NONE,
    DisorderError,
    TooManyStepsError,
)
from workgroup.textlog.size import Size, TooLargeError
from workgroup.textlog.slots import (
    CHILD,
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
)

__all__ = ["RefusedError", "StreamState", "TooManyStepsError"]

HAS_ORIGIN, HAS_RIGHT, HAS_KEY = 128, 64, 32
CONTENT = 31  # the bits for the kind of content that follows
GC = 0
ROOT = schema.ROOT.encode()
FIRST = (NONE, NONE, NONE, NONE)  # an item that names no neighbors


class StreamState:
    """What the intake knows about a stream; it grows with each accepted update."""

    __slots__ = ("comments", "halves", "order", "size")

    def __init__(self) -> None:
        self.order = Order()
        self.halves: set[int] = set()  # second halves of pairs: nobody may cut there
        self.comments: dict[int, int] = {}  # marks that may overlap, begun in each text
        self.size = Size()

    def admit(self, update: bytes, client: int, steps: int = schema.MAX_STEPS) -> None:
        """Take one update into the state.

        Args:
            update: as it came.
            client: its writer's client id.
            steps: how many it may take now; who allows fewer than any update may take can try
                again with more.

        Raises:
            RefusedError: the update is not accepted; the state is unchanged.
            TooManyStepsError: it takes more steps than now; the state is unchanged.
        """
        walk = _Walk(update, client, self, steps)
        try:
            walk.structs()
            walk.deletions()
            walk.size.items = len(self.order.firsts) - self.size.items
            walk.size.steps = self.order.steps - walk.steps
            self.size.grow(walk.size)
        except (MalformedError, DisorderError, TooLargeError) as error:
            walk.undo()
            if isinstance(error, TooManyStepsError) and steps < schema.MAX_STEPS:
                raise
            raise RefusedError(str(error)) from None
        except BaseException:
            walk.undo()
            raise
        self.halves |= walk.halves
        self.comments.update(walk.comments)


class _Walk(Contents):
    """One pass over one update; ``undo`` restores the state."""

    __slots__ = ("first", "state", "steps")

    def __init__(
        self, update: bytes, client: int, state: StreamState, steps: int
    ) -> None:
        if len(update) > schema.MAX_UPDATE_BYTES:
            raise RefusedError("update too large")
        order = state.order
        self.steps = order.steps
        super().__init__(update, order, order.begin(client, steps), state.comments)
        self.first = order.ends[self.writer]
        self.state = state

    def undo(self) -> None:
        """Undo what the pass did to the order."""
        self.order.undo(self.writer, self.first, self.steps)

    def structs(self) -> None:
        """Read what the update adds: at most one block, the sender's own."""
        reader, order, writer = self.reader, self.order, self.writer
        blocks = reader.number()
        if not blocks:
            return
        count = reader.number()
        if blocks > 1 or not 0 < count <= schema.MAX_STRUCTS:
            raise RefusedError("number of structs")
        if reader.number() != order.clients[writer]:
            raise RefusedError("another writer's client id")
        if reader.number() != self.first:
            raise RefusedError("causal: own clock")
        for _ in range(count):
            info = reader.byte()
            if info & CONTENT == GC:
                self.collected(info)
            else:
                self.item(info)
        if order.ends[writer] >= schema.MAX_CLOCK:
            raise RefusedError("clock")

    def collected(self, info: int) -> None:
        """Read a struct for content that was created and deleted before it was sent."""
        if info:
            raise RefusedError("flags")
        self.order.collect(self.writer, self.length())

    def item(self, info: int) -> None:
        """Read an item, and insert it where it belongs."""
        inside, between = self.where(info)
        slot = self.order.slots[inside]
        taken, length = self.content(info & CONTENT, slot, inside)
        self.order.insert(
            self.writer, inside, between, taken, length, joins=slot == WORDS
        )

    # Where it lies

    def where(self, info: int) -> tuple[int, tuple[int, int, int, int]]:
        """Find an item's list and neighbors: by the neighbors it names, else by its parent."""
        order = self.order
        if not info & (HAS_ORIGIN | HAS_RIGHT):
            return self.inside(info), FIRST
        origin = left = right = next_run = inside = NONE
        if info & HAS_ORIGIN:
            writer, clock = self.known()
            origin = writer << CLOCK_BITS | clock
            self.cut(origin + 1)
            left = order.run_ending_at(writer, clock)
            inside = order.lists[left]
        if info & HAS_RIGHT:
            writer, clock = self.known()
            right = writer << CLOCK_BITS | clock
            self.cut(right)
            next_run = order.run_starting_at(writer, clock, left)
            if inside not in (NONE, order.lists[next_run]):
                raise RefusedError("slot: neighbors differ")
            inside = order.lists[next_run]
            if order.slots[inside] & KIND == VALUE:
                raise RefusedError("slot: values have no order")
        return inside, (origin, left, right, next_run)

    def known(self) -> tuple[int, int]:
        """Read an id that must exist in the stream, or earlier in this update."""
        client, clock = self.reader.number(), self.reader.number()
        writer = self.order.writers.get(client)
        if writer is None or clock >= self.order.ends[writer]:
            raise RefusedError("causal: not in the stream")
        return writer, clock

    def cut(self, unit: int) -> None:
        """Refuse a cut before this unit if it is the second half of a pair.

        Such a cut shifts every later clock when pycrdt encodes the document, and nothing
        reports it: the next snapshot would contain a different text.
        """
        if unit in self.state.halves or unit in self.halves:
            raise RefusedError("surrogate pair")

    def inside(self, info: int) -> int:
        """Find the list in a parent: the root, an element, its attribute or a text."""
        reader, order = self.reader, self.order
        if reader.number() == 1:
            if reader.block() != ROOT or info & HAS_KEY:
                raise RefusedError("root name")
            return 0
        parent = order.run_at(*self.known())
        taken = order.taken[parent]
        kind, node = taken & KIND, taken >> OWN & FIELD
        if kind == TEXT and not info & HAS_KEY:
            return order.list_in(parent, 0, WORDS)
        if kind != ELEMENT:
            raise RefusedError("slot: no parent")
        if info & HAS_KEY:
            key = slots.KEY_NUMBER[node].get(reader.text())
            if key is None:
                raise RefusedError("attribute")
            return order.list_in(parent, key + 1, VALUE | node << OWN | key << KEY)
        depth = (taken >> DEPTH) + 1
        if depth > schema.MAX_DEPTH:
            raise RefusedError("depth")
        return order.list_in(parent, 0, CHILD | node << PARENT | depth << DEPTH)

    # What it takes away

    def deletions(self) -> None:
        """Read the deleted runs, of any writer, and check that nothing follows."""
        reader, order = self.reader, self.order
        clients, left = reader.number(), schema.MAX_DELETED_RUNS
        if not clients and order.ends[self.writer] == self.first:
            raise RefusedError("empty")
        seen = set[int]()
        for _ in range(clients):
            client, count = reader.number(), reader.number()
            left -= count
            # If a client were listed twice, pycrdt would read only the second entry.
            if count < 1 or left < 0 or client in seen:
                raise RefusedError("deleted runs")
            seen.add(client)
            self.deleted(client, count)
        if not reader.is_done:
            raise RefusedError("trailing bytes")

    def deleted(self, client: int, count: int) -> None:
        """Read this many deleted runs of one writer, one after the other."""
        reader, writer = self.reader, self.order.writers.get(client)
        if writer is None:
            raise RefusedError("causal: deletes what is not there")
        base, top, end = writer << CLOCK_BITS, self.order.ends[writer], 0
        for _ in range(count):
            start, length = reader.number(), reader.number()
            if start < end:
                raise RefusedError("deleted runs")
            end = start + length
            if not length or end > top:
                raise RefusedError("causal: deletes what is not there")
            self.cut(base | start)
            self.cut(base | end)
            self.order.part(writer, start)
            self.order.part(writer, end)
