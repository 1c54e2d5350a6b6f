"""Every node, mark and attribute that a text may contain, and how large each may be.

The intake, the editor and the exports share this table, so that whatever one of them accepts,
the others can show and print. What also bounds a printed report is in ``exports/sizes.py``, since
exports import nothing of the application; a freeze refuses what is beyond it. Never remove a name: an editor that does not know a node deletes
it, for everybody, merely by opening the page.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from exports.sizes import MOST, Size

# Raise it with every change here; an editor with another version must reload.
VERSION = 1
ROOT = "prosemirror"

MAX_DEPTH = MOST[Size.NESTING]  # elements inside one another
MAX_UPDATE_BYTES = 1_000_000
MAX_STRUCTS = 50_000  # in one update
MAX_DELETED_RUNS = 50_000  # in one update
MAX_CLOCK = 2**31  # what one writer may type in all, in UTF-16 units
MAX_RUN = 1_000_000  # UTF-16 units in one struct
# Units passed while the places of one update are searched for: a tenth of a second, so it is not
# done in the event loop. Honest ones need it: a word replaced at once in all of a long text.
MAX_STEPS = 100_000

# In the whole life of a stream, deleted content included. Each bound alone keeps the time to
# read a text below two seconds of one core (tests/textlog/test_worst_texts.py).
MAX_STREAM = {
    "bytes": 32_000_000,  # of all updates
    "items": 300_000,  # runs that Yjs keeps apart
    "elements": 40_000,
    "words": MOST[Size.CHARACTERS],  # UTF-16 units, as many as a whole report can have
    "marks": 300_000,  # the weight of all beginnings and ends of marks
    "steps": 5_000_000,  # of all updates, to find their places
}
MAX_MARK_NAME = 64  # characters
MARK_WEIGHT = 8  # and 1 more for each mark that may overlap, begun in the same text

LANG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
LINK = re.compile(r"(https?:|mailto:|/|#)[^\x00-\x1f]*", re.IGNORECASE)
IMAGE = re.compile(r"(https:|/|asset:)[^\x00-\x1f]*", re.IGNORECASE)
NAME = re.compile(r"[\w.:-]+")
OVERLAP = re.compile(r"([a-z_]+)--[A-Za-z0-9+/=]{8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A whole number within bounds."""

    least: int
    most: int

    def allows(self, value: object) -> bool:
        """Refuse 2.0 for 2, and true for 1: editors store whole numbers as integers."""
        return type(value) is int and self.least <= value <= self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A string of bounded length that matches a pattern, if one is given."""

    most: int
    form: re.Pattern[str] | None = None

    def allows(self, value: object) -> bool:
        """Check the length, in code points, and the pattern."""
        if not isinstance(value, str) or len(value) > self.most:
            return False
        return self.form is None or self.form.fullmatch(value) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Widths:
    """The widths of the columns that a cell spans, in pixels; 0 is "as it comes"."""

    def allows(self, value: object) -> bool:
        """Allow at most as many as a cell may span."""
        return (
            isinstance(value, list)
            and len(value) <= SPAN.most
            and all(WIDTH.allows(width) for width in value)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An object with these keys and no others."""

    keys: Mapping[str, "Kind"]

    def allows(self, value: object) -> bool:
        """Refuse a missing key as well as an unknown one."""
        return (
            isinstance(value, dict)
            and value.keys() == self.keys.keys()
            and all(kind.allows(value[key]) for key, kind in self.keys.items())
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Either:
    """A value of one of several kinds."""

    kinds: tuple["Kind", ...]

    def allows(self, value: object) -> bool:
        """Allow what any of them allows."""
        return any(kind.allows(value) for kind in self.kinds)


Kind = Whole | Text | Widths | Record | Either


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """What one attribute may be. Null means that it is absent, and is never stored."""

    kind: Kind
    default: object = None
    required: bool = False  # the editor has no default for it

    def allows(self, value: object) -> bool:
        """Allow null where the attribute may be left out."""
        return (value is None and not self.required) or self.kind.allows(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One kind of element: its attributes and what it may contain."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    text: bool = False  # holds words


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One kind of mark on words."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    overlaps: bool = False  # several of one kind may lie on the same words

    def allows(self, value: object) -> bool:
        """Allow the attributes as an object, or null where the mark ends."""
        if value is None:
            return True
        return (
            isinstance(value, dict)
            and value.keys() <= self.attributes.keys()
            and all(
                attribute.allows(value.get(name))
                for name, attribute in self.attributes.items()
            )
        )


SPAN = Whole(least=1, most=MOST[Size.SPAN])
WIDTH = Whole(least=0, most=5000)
ID = Either(kinds=(Whole(least=0, most=2**31 - 1), Text(most=64, form=NAME)))

LANGUAGE = Attribute(kind=Text(most=35, form=LANG))
BREAK = Attribute(
    kind=Record(
        keys={"k": Text(most=3, form=re.compile("ins|del")), "id": ID, "by": ID}
    )
)
BLOCK = {"lang": LANGUAGE}
TEXTBLOCK = {"lang": LANGUAGE, "brk": BREAK}
CELL = {
    **BLOCK,
    "colspan": Attribute(kind=SPAN, default=1),
    "rowspan": Attribute(kind=SPAN, default=1),
    "colwidth": Attribute(kind=Widths()),
}

BLOCKS = frozenset(
    (
        "paragraph",
        "heading",
        "blockquote",
        "bullet_list",
        "ordered_list",
        "table",
        "horizontal_rule",
        "image",
    )
)
ATOMS = frozenset(("hard_break", "footnote", "cross_reference"))

NODES: dict[str, Node] = {
    "doc": Node(children=BLOCKS),
    "paragraph": Node(attributes=TEXTBLOCK, children=ATOMS, text=True),
    "heading": Node(
        attributes={
            **TEXTBLOCK,
            "level": Attribute(kind=Whole(least=1, most=3), default=1),
        },
        children=ATOMS,
        text=True,
    ),
    "blockquote": Node(attributes=BLOCK, children=BLOCKS),
    "bullet_list": Node(attributes=BLOCK, children=frozenset(("list_item",))),
    "ordered_list": Node(
        attributes={
            **BLOCK,
            "order": Attribute(kind=Whole(least=0, most=9999), default=1),
        },
        children=frozenset(("list_item",)),
    ),
    "list_item": Node(attributes=BLOCK, children=BLOCKS),
    "table": Node(attributes=BLOCK, children=frozenset(("table_row",))),
    "table_row": Node(
        attributes=BLOCK, children=frozenset(("table_cell", "table_header"))
    ),
    "table_cell": Node(attributes=CELL, children=BLOCKS),
    "table_header": Node(attributes=CELL, children=BLOCKS),
    "horizontal_rule": Node(attributes=BLOCK),
    "hard_break": Node(),
    "footnote": Node(attributes={"text": Attribute(kind=Text(most=4000), default="")}),
    "image": Node(
        attributes={
            **BLOCK,
            "src": Attribute(kind=Text(most=2000, form=IMAGE), required=True),
            "alt": Attribute(kind=Text(most=2000), default=""),
            "caption": Attribute(kind=Text(most=2000), default=""),
            "credit": Attribute(kind=Text(most=500), default=""),
            "licence": Attribute(kind=Text(most=500), default=""),
            "width": Attribute(kind=Whole(least=1, most=10_000)),
        }
    ),
    "cross_reference": Node(
        attributes={
            "target": Attribute(kind=Text(most=200), required=True),
            "label": Attribute(kind=Text(most=500), default=""),
        }
    ),
}

MARKS: dict[str, Mark] = {
    "em": Mark(),
    "strong": Mark(),
    "link": Mark(
        attributes={"href": Attribute(kind=Text(most=2000, form=LINK), required=True)}
    ),
    "comment": Mark(
        attributes={"id": Attribute(kind=ID, required=True)}, overlaps=True
    ),
    "insertion": Mark(
        attributes={
            "id": Attribute(kind=ID, required=True),
            "by": Attribute(kind=ID, required=True),
        }
    ),
    "deletion": Mark(
        attributes={
            "id": Attribute(kind=ID, required=True),
            "by": Attribute(kind=ID, required=True),
        }
    ),
    "lang": Mark(attributes={"lang": Attribute(kind=LANGUAGE.kind, required=True)}),
}


def mark_name(stored: str) -> str | None:
    """Return the mark that a stored name stands for, or None if no editor writes such a name.

    A mark that may overlap is stored as its name, two hyphens and eight characters of a
    hash.
    """
    # A cache keeps what it was asked for, and this may be a megabyte.
    return None if len(stored) > MAX_MARK_NAME else _mark_name(stored)


@lru_cache(4096)
def _mark_name(stored: str) -> str | None:
    hashed = OVERLAP.fullmatch(stored)
    name = hashed[1] if hashed else stored
    mark = MARKS.get(name)
    return name if mark and mark.overlaps == bool(hashed) else None
