"""Where each unit of each writer's clock lies in a stream, packed and kept as runs.

A place is one number: three bits that say what took it, then fields of five bits. For a
child of an element, and for what is left of one, these are its own node, its parent's
node and its depth; for an attribute's value they are its owner's node and the
attribute.
"""

from bisect import bisect_right

from workgroup.textlog import schema

CHILD, ELEMENT, TEXT, WORDS, VALUE, COLLECTED = range(6)
KIND = 7
FIELD = 31
OWN = 3
PARENT = KEY = 8
DEPTH = 13

NODE_NUMBER = {name: number for number, name in enumerate(schema.NODES)}
_TABLE = tuple(schema.NODES.values())
CHILDREN = tuple(frozenset(map(NODE_NUMBER.get, node.children)) for node in _TABLE)
HOLDS_TEXT = tuple(node.text for node in _TABLE)
KEY_NUMBER = tuple(
    {key: number for number, key in enumerate(node.attributes)} for node in _TABLE
)
ATTRIBUTES = tuple(tuple(node.attributes.values()) for node in _TABLE)

IN_ROOT = CHILD | NODE_NUMBER["doc"] << PARENT | 1 << DEPTH


def beside(place: int) -> int:
    """Give the slot that a neighbour at this place lies in."""
    if place & KIND in (WORDS, VALUE):
        return place
    return place & ~(KIND | FIELD << OWN)


class Runs:
    """The places of one writer's clock, in order."""

    __slots__ = ("places", "starts")

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.places: list[int] = []

    def add(self, start: int, place: int) -> None:
        """Say that from ``start`` on, and after all that is known, units lie there."""
        if not self.places or self.places[-1] != place:
            self.starts.append(start)
            self.places.append(place)

    def extend(self, later: "Runs") -> None:
        """Add runs that begin where these end."""
        for start, place in zip(later.starts, later.places, strict=True):
            self.add(start, place)

    def at(self, clock: int) -> int:
        """Find a unit's place."""
        return self.places[bisect_right(self.starts, clock) - 1]
