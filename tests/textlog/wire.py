"""Updates written by hand, well formed or not, and recorded ones, for the tests."""

import base64
import json
from pathlib import Path

from workgroup.textlog.encoding import json_text, number, text, units, value

RECORDED = json.loads((Path(__file__).parent / "recorded" / "traffic.json").read_text())
TRAFFIC = [(client, base64.b64decode(data)) for client, data in RECORDED["rows"]]
ANN, BEN = 11, 22
IN_TEXT = {"origin": (ANN, 6)}  # after the o of the paragraph "Hello"


def update(client, clock, *structs, deletes=()):
    """Write one update of one client."""
    head = b"\0"
    if structs:
        head = b"".join(map(number, (1, len(structs), client, clock)))
    return head + b"".join(structs) + deleted(deletes)


def deleted(runs):
    """Write a delete set of (client, clock, length)."""
    written = b"".join(
        number(client) + number(1) + number(clock) + number(length)
        for client, clock, length in runs
    )
    return number(len(runs)) + written


def item(ref, content, *, origin=None, right=None, parent=None, key=None, root=None):
    """Write one struct: its place by its neighbors, else by its parent or the root."""
    flags = ref | (128 if origin else 0) | (64 if right else 0) | (32 if key else 0)
    where = b"".join(number(part) for unit in (origin, right) if unit for part in unit)
    if not origin and not right:
        if parent:
            where = number(0) + number(parent[0]) + number(parent[1])
        else:
            where = number(1) + text(root or "prosemirror")
        where += text(key) if key else b""
    return bytes((flags,)) + where + content


def element(name, **where):
    return item(7, number(3) + text(name), **where)


def words_in(**where):
    return item(7, number(6), **where)


def string(words, **where):
    return item(4, text(words), **where)


def mark(name, content, **where):
    return item(6, text(name) + text(json_text(content)), **where)


def attribute(key, content, **where):
    return item(8, number(1) + value(content), key=key, **where)


def typed(client, clock, words):
    """Write a keystroke after the client's last unit."""
    return update(client, clock, string(words, origin=(client, clock - 1)))


def opening(client=ANN, words="Hello"):
    """Write a paragraph with words: clocks 0 (paragraph), 1 (text), 2 … (words)."""
    return update(
        client,
        0,
        element("paragraph"),
        words_in(parent=(client, 0)),
        string(words, parent=(client, 1)),
    )


def length(words):
    return units(words)
