"""The child that turns updates into a document: ``python -m workgroup.textlog.replay``.

The only place that runs pycrdt. Hostile bytes have killed it, hung it with the lock
held, and made it panic, so it lives in a process that may be killed: updates come
framed on the standard input, the document goes out as JSON, and with ``--state`` its
encoded state too. With ``--probe`` it reads the document after each group of updates and
reports that, until something kills it. With ``--ahead`` it applies the updates so far, reports
that, and waits for the rest. With ``--stops`` it writes the document after each group of updates.
"""

import base64
import json
import os
import resource
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, BinaryIO

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from exports.limits import end_with_parent
from workgroup.textlog.encoding import Reader
from workgroup.textlog.surroundings import PARENT

CPU_SECONDS = 20
PROBE_SECONDS = 2  # for each group
MEMORY_BYTES = 2**30
IN_A_TRANSACTION = 500  # updates
LENGTH_BYTES = 4  # in front of each update
ROOT = "prosemirror"

Json = dict[str, Any]


def main() -> None:
    """Read updates, write the document."""
    # A text can make it sleep forever, which no limit on CPU time would end.
    end_with_parent(int(os.environ[PARENT]))
    seconds = CPU_SECONDS * 50 if "--probe" in sys.argv[1:] else CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    if "--probe" in sys.argv[1:]:
        probe(sys.stdin.buffer, apart="--apart" in sys.argv[1:])
        return
    if "--stops" in sys.argv[1:]:
        json.dump({"docs": list(stops(sys.stdin.buffer))}, sys.stdout)
        return
    doc = load(frames(sys.stdin.buffer))
    if "--ahead" in sys.argv[1:]:
        print("ready", flush=True)  # noqa: T201 - the parent waits for it
        apply(doc, frames(sys.stdin.buffer))
    json.dump(answer(doc, sys.argv[1:]), sys.stdout)


def stops(source: BinaryIO) -> Iterator[Json]:
    """Yield the document as it stands after each group of updates."""
    doc = empty()
    while group := list(frames(source)):
        apply(doc, group)
        yield document(doc)


def answer(doc: Doc[Any], options: Sequence[str] = ()) -> Json:
    """Return the output: the document, and its state if that was requested."""
    read: Json = {"doc": document(doc)}
    if "--state" in options:
        read["state"] = base64.b64encode(verified_state(doc, read["doc"])).decode()
    return read


def frames(source: BinaryIO) -> Iterator[bytes]:
    """Read byte strings, each preceded by its length in four bytes, until a length of 0."""
    while length := int.from_bytes(source.read(LENGTH_BYTES)):
        yield source.read(length)


def probe(source: BinaryIO, *, apart: bool) -> None:
    """Read group after group, each within a few seconds of CPU time, and report each one."""
    print("started", flush=True)  # noqa: T201 - the parent reads it
    doc = empty()
    while group := list(frames(source)):
        # Its signal ends the process, in the middle of pycrdt's code too. The limit of the
        # system counts whole seconds: it would give some groups half as much again.
        signal.setitimer(signal.ITIMER_PROF, PROBE_SECONDS)
        doc = empty() if apart else doc
        apply(doc, group)
        document(doc)
        print("read", flush=True)  # noqa: T201


def load(updates: Iterable[bytes]) -> Doc[Any]:
    """Apply updates in order to a new document."""
    doc = empty()
    apply(doc, updates)
    return doc


def empty() -> Doc[Any]:
    """Make a document with nothing in it."""
    doc: Doc[Any] = Doc()
    doc.get(ROOT, type=XmlFragment)
    return doc


def apply(doc: Doc[Any], updates: Iterable[bytes]) -> None:
    """Apply updates in order, several in each transaction, which is a tenth cheaper.

    Not all in one, because Yjs joins single letters only at the end of a transaction: memory
    then grows with the square of their number, and 50,000 keystrokes took a gigabyte.

    Raises:
        ValueError: an update depends on one that is missing, so words are missing.
    """
    last: dict[int, int] = {}
    left = iter(updates)
    while some := list(islice(left, IN_A_TRANSACTION)):
        with doc.transaction():
            for update in some:
                doc.apply_update(update)
        last |= dict(head for update in some if (head := _head(update)))
    clocks = Reader(doc.get_state())
    known = {clocks.number(): clocks.number() for _ in range(clocks.number())}
    for client, clock in last.items():
        if known.get(client, 0) <= clock:
            raise ValueError("structs depend on others that are missing")


def _head(update: bytes) -> tuple[int, int] | None:
    """Return the client id of an update's structs, and the clock of the first."""
    reader = Reader(update)
    if reader.number() != 1:
        return None  # a snapshot of several writers, or nothing but deletions
    reader.number()
    return reader.number(), reader.number()


def verified_state(doc: Doc[Any], expected: Json) -> bytes:
    """Encode the document and read it back, since a wrong encoding raises no error.

    Raises:
        ValueError: the encoded document is different.
    """
    state = doc.get_update()
    if document(load([state])) != expected:
        raise ValueError("the encoded state gives another text")
    return state


def document(doc: Doc[Any]) -> Json:
    """Write the document as ProseMirror would, with its marks in a fixed order."""
    fragment = doc.get(ROOT, type=XmlFragment)
    return {"type": "doc", "content": list(_nodes(fragment))}


def _nodes(parent: XmlFragment | XmlElement) -> Iterator[Json]:
    held: Json | None = None
    for child in parent.children:
        nodes = _words(child) if isinstance(child, XmlText) else [_element(child)]
        for node in nodes:
            if held and _joins(held, node):
                held["text"] += node["text"]
                continue
            if held:
                yield held
            held = node
    if held:
        yield held


def _joins(left: Json, right: Json) -> bool:
    return left["type"] == right["type"] == "text" and left.get("marks") == right.get(
        "marks"
    )


def _element(element: Any) -> Json:  # noqa: ANN401 - pycrdt's children are untyped
    node: Json = {"type": element.tag}
    attributes = {
        key: _whole(value) for key, value in element.attributes if value is not None
    }
    if attributes:
        node["attrs"] = dict(sorted(attributes.items()))
    if content := list(_nodes(element)):
        node["content"] = content
    return node


def _words(text: XmlText) -> Iterator[Json]:
    for words, attributes in text.diff():
        if not isinstance(words, str) or not words:
            continue
        node: Json = {"type": "text", "text": words}
        if marks := _marks(attributes or {}):
            node["marks"] = marks
        yield node


def _marks(stored: Json) -> list[Json]:
    """Drop the hashes of marks that may overlap, and the order of arrival."""
    marks = dict(
        _mark(name, json.dumps(value, sort_keys=True))
        for name, value in stored.items()
        if value is not None
    )
    return [marks[key] for key in sorted(marks)]


@lru_cache(4096)  # many words have the same marks
def _mark(name: str, written: str) -> tuple[tuple[str, str], Json]:
    """Return one mark, and its sort key."""
    mark: Json = {"type": name.partition("--")[0]}
    if value := json.loads(written):
        mark["attrs"] = _whole(value)
    return (mark["type"], json.dumps(mark)), mark


def _whole(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Turn JavaScript's numbers back into integers where they are whole."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in sorted(value.items())}
    return value


if __name__ == "__main__":
    main()
