"""The child that turns updates into a document: ``python -m workgroup.textlog.replay``.

The only place that runs pycrdt. Hostile bytes have killed it, hung it with the lock
held, and made it panic, so it lives in a process that may be killed: updates come
framed on the standard input, the document goes out as JSON, and with ``--state`` its
encoded state too.
"""

import base64
import json
import resource
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, BinaryIO

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

CPU_SECONDS = 20
MEMORY_BYTES = 2**30
IN_A_TRANSACTION = 500  # updates
LENGTH_BYTES = 4  # in front of each update
ROOT = "prosemirror"

Json = dict[str, Any]


def main() -> None:
    """Read updates, write the document."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    doc = load(frames(sys.stdin.buffer))
    answer: Json = {"doc": document(doc)}
    if "--state" in sys.argv[1:]:
        answer["state"] = base64.b64encode(verified_state(doc, answer["doc"])).decode()
    json.dump(answer, sys.stdout)


def frames(source: BinaryIO) -> Iterator[bytes]:
    """Read byte strings, each behind its length in four bytes, until the end."""
    while length := source.read(LENGTH_BYTES):
        yield source.read(int.from_bytes(length))


def load(updates: Iterable[bytes]) -> Doc[Any]:
    """Apply updates in order, many in a transaction, which is a tenth cheaper.

    Only at a transaction's end are letters joined to words: with all updates in one, the
    memory grows with the square of their number, and 50,000 keystrokes took a gigabyte.
    """
    doc: Doc[Any] = Doc()
    doc.get(ROOT, type=XmlFragment)
    left = iter(updates)
    while some := list(islice(left, IN_A_TRANSACTION)):
        with doc.transaction():
            for update in some:
                doc.apply_update(update)
    return doc


def verified_state(doc: Doc[Any], expected: Json) -> bytes:
    """Encode the document, and read it back: an encoding may differ without a word.

    Raises:
        ValueError: what was encoded reads otherwise.
    """
    state = doc.get_update()
    if document(load([state])) != expected:
        raise ValueError("the encoded state reads otherwise")
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
    """Take away the hashes of marks that may overlap, and the order of arrival."""
    marks = dict(
        _mark(name, json.dumps(value, sort_keys=True))
        for name, value in stored.items()
        if value is not None
    )
    return [marks[key] for key in sorted(marks)]


@lru_cache(4096)  # many words carry the same marks
def _mark(name: str, written: str) -> tuple[tuple[str, str], Json]:
    """Make one mark, and what it is sorted by."""
    mark: Json = {"type": name.split("--", maxsplit=1)[0]}
    if value := json.loads(written):
        mark["attrs"] = _whole(value)
    return (mark["type"], json.dumps(mark)), mark


def _whole(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Make JavaScript's numbers whole again where they are."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in sorted(value.items())}
    return value


if __name__ == "__main__":
    main()
