"""Updates that nobody's editor sends: built from what a stream holds, or bent from others."""

from tests.textlog.wire import (
    TRAFFIC,
    attribute,
    element,
    item,
    mark,
    string,
    update,
    words_in,
)
from workgroup.textlog.encoding import number
from workgroup.textlog.runs import CLOCK, CLOCK_BITS, NONE
from workgroup.textlog.slots import CHILD, ELEMENT, KIND, TEXT
from workgroup.textlog.slots import WORDS as IN_WORDS

CLIENTS = (3, 11, 22, 1050, 2**32 - 1)
WORDS = ("a", "bc", "한", "🎌", "x🎌y", "Hello", "\ufffd")
NODES = ("paragraph", "heading", "paragraph", "hard_break", "blockquote", "list_item")
MARKS = (
    ("em", {}),
    ("em", None),
    ("strong", {}),
    ("comment--AbCd12+/", {"id": 4}),
    ("comment--BbCd12+/", {"id": 5}),
    ("comment--AbCd12+/", None),
    ("link", {"href": "https://example.org/"}),
    ("link", None),
)
CHILDREN = (CHILD, ELEMENT, TEXT)
FITTING = {  # what may stand beside, and above
    "string": ((IN_WORDS,), (TEXT,)),
    "mark": ((IN_WORDS,), (TEXT,)),
    "element": (CHILDREN, (ELEMENT,)),
    "text": (CHILDREN, (ELEMENT,)),
    "value": ((), (ELEMENT,)),
    "deleted": ((IN_WORDS,), (TEXT,)),
}
ATTRIBUTES = (("lang", "ja"), ("lang", "ko"), ("level", 2), ("level", 3), ("order", 7))


class Forger:
    """Writes updates whose every place is drawn from what a stream's order knows."""

    def __init__(self, state, chance):
        self.order = state.order
        self.chance = chance

    def mutant(self):
        """Return a client and an update: forged, bent, or of two writers in one."""
        client, data = self.forged()
        match self.chance.randrange(20):
            case 0:
                return client, merged(data, self.forged()[1])
            case 1 | 2:
                return client, bent(self.chance, data)
            case 3 | 4:
                client, recorded = self.chance.choice(TRAFFIC)
                return client, bent(self.chance, recorded)
        return client, data

    def forged(self):
        """Return a client and an update of up to four structs and some deletions."""
        client = self.chance.choice(CLIENTS)
        writer = self.order.writers.get(client)
        clock = first = self.order.ends[writer] if writer is not None else 0
        structs = []
        for _ in range(self.chance.choice((0, 1, 1, 1, 2, 4))):
            own = (
                (client, self.chance.randrange(first, clock)) if clock > first else None
            )
            struct, length = self.struct(own)
            structs.append(struct)
            clock += length
        deletes = [
            self.deleted() for _ in range(self.chance.choices((0, 1, 2), (12, 5, 1))[0])
        ]
        return client, update(client, first, *structs, deletes=deletes)

    def struct(self, own):
        words = self.chance.choice(WORDS)
        length = len(words.encode("utf-16-le")) // 2
        kinds = [(5, "string"), (3, "mark"), (2, "element"), (2, "text"), (1, "value")]
        kinds += [(1, "deleted"), (0.2, "collected")]
        weights, names = zip(*kinds, strict=True)
        kind = self.chance.choices(names, weights)[0]
        if kind == "collected":
            return bytes((0,)) + number(2), 2
        where = self.where(kind, own)
        match kind:
            case "string":
                return string(words, **where), length
            case "mark":
                return mark(*self.chance.choice(MARKS), **where), 1
            case "element":
                return element(self.chance.choice(NODES), **where), 1
            case "text":
                return words_in(**where), 1
            case "value":
                return attribute(*self.chance.choice(ATTRIBUTES), **where), 1
            case _:
                return item(1, number(length), **where), length

    def where(self, kind, own):
        """Name neighbors that stand beside one another, or at a distance, or crossed."""
        beside, above = FITTING[kind]
        if kind == "value" or self.chance.random() < 0.2:
            if kind == "element" and self.chance.random() < 0.3:
                return {}
            return {"parent": self.unit(above)}
        origin = own if own and self.chance.random() < 0.3 else self.unit(beside)
        match self.chance.randrange(8):
            case 0:
                return {"origin": origin, "right": self.unit(beside)}
            case 1 | 2 | 3:
                return {"origin": origin, "right": self.after(origin)}
            case 4:
                return {"right": origin}
            case _:
                return {"origin": origin}

    def unit(self, fitting=()):
        """Draw a unit, mostly of a fitting kind: the first or the last of a run."""
        order = self.order
        for _ in range(6):
            run = self.chance.randrange(len(order.firsts))
            if order.taken[run] & KIND in fitting:
                break
        writer, start = order.firsts[run] >> CLOCK_BITS, order.firsts[run] & CLOCK
        return order.clients[writer], self.chance.choice((start, self.end(run)))

    def end(self, run):
        order = self.order
        writer = order.firsts[run] >> CLOCK_BITS
        at = order.runs[writer].index(run) + 1
        starts = order.starts[writer]
        return (starts[at] if at < len(starts) else order.ends[writer]) - 1

    def after(self, unit):
        """Give a unit some steps after this one in its list, or this one itself."""
        order = self.order
        writer = order.writers.get(unit[0])
        if writer is None or unit[1] >= order.ends[writer]:
            return unit
        run = order.run_at(writer, unit[1])
        for _ in range(self.chance.choice((1, 1, 2, 3, 8))):
            if order.following[run] != NONE:
                run = order.following[run]
        return order.clients[order.firsts[run] >> CLOCK_BITS], order.firsts[run] & CLOCK

    def deleted(self):
        client, clock = self.unit()
        return client, clock, self.chance.choice((1, 1, 1, 2, 5))


def bent(chance, data):
    """Change some bytes, drop some, repeat some, or put other updates' bytes in."""
    mutant = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(len(mutant))
        match chance.randrange(6):
            case 0:
                mutant[at] = chance.randrange(256)
            case 1:
                mutant[at] = (mutant[at] + chance.choice((-1, 1))) % 256
            case 2:
                mutant[at] ^= 1 << chance.randrange(8)
            case 3:
                del mutant[at : at + chance.choice((1, 1, 2, 5))]
            case 4:
                mutant[at:at] = mutant[at : at + chance.choice((1, 2, 8))]
            case _:
                _, other = chance.choice(TRAFFIC)
                start = chance.randrange(len(other))
                mutant[at:at] = other[start : start + chance.choice((1, 4, 20))]
        mutant = mutant or bytearray(data)
    return bytes(mutant)


def merged(first, second):
    """Put two writers' updates into one, as no editor does."""
    return number(2) + first[1:-1] + second[1:]
