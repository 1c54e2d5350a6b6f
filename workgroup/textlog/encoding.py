"""Reading and writing the bytes of Yjs and of the live protocol, with every bound checked.

Numbers are little-endian groups of seven bits, strings are their length and then UTF-8:
the encoding of lib0, which Yjs uses in its first version of updates.
"""

import json
import re
import struct
from functools import lru_cache

MAX_VALUE_DEPTH = 6
MAX_VALUE_ITEMS = 64
MAX_JSON_BYTES = 10_000
MAX_STRING_BYTES = 20_000
REMEMBERED = 256  # characters of JSON; a cache would keep longer ones for long

CONTINUES = 128  # the bit that marks that another group follows
GROUP = 127
MAX_SHIFT = 49  # JavaScript's integers are exact up to 2**53
FIRST_GROUP = 63  # a signed number's first group also holds its sign
SIGN = 64

NULL, INTEGER, FLOAT64 = 126, 125, 123
FALSE, TRUE, STRING, OBJECT, ARRAY = 121, 120, 119, 118, 117
DOUBLE = struct.Struct(">d")
MAX_INTEGER = 2**31

# Characters that no text may contain: XML, PDF or PostgreSQL cannot store them. The editor takes the
# same characters out of what is pasted (frontend/src/word.js). Halves of surrogate pairs
# are not UTF-8 in the first place, but JSON can spell them out.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UNFIT_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\[bfu]")  # in JSON as browsers write it


class MalformedError(ValueError):
    """The bytes are not validly encoded, or a value in them is too large."""


class Reader:
    """Reads one byte string from beginning to end.

    A class with slots rather than closures: a recursive closure creates a reference cycle for
    every update, and the collector's pauses doubled the time of the slowest one in a hundred.
    """

    __slots__ = ("data", "end", "position")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0
        self.end = len(data)

    @property
    def is_done(self) -> bool:
        """Return whether everything has been read."""
        return self.position >= self.end

    def byte(self) -> int:
        """Read one byte."""
        position = self.position
        if position >= self.end:
            raise MalformedError("ends early")
        self.position = position + 1
        return self.data[position]

    def number(self) -> int:
        """Read a whole number of at most 56 bits."""
        position = self.position
        if position >= self.end:
            raise MalformedError("ends early")
        group = self.data[position]
        self.position = position + 1
        if group < CONTINUES:
            return group
        return self._longer(group & GROUP)

    def _longer(self, value: int) -> int:
        shift = 7
        while shift <= MAX_SHIFT:
            group = self.byte()
            value |= (group & GROUP) << shift
            if group < CONTINUES:
                if not group:
                    raise MalformedError("number written too long")
                return value
            shift += 7
        raise MalformedError("number too long")

    def signed(self) -> int:
        """Read a whole number with a sign; zero has none."""
        group = self.byte()
        value, shift = group & FIRST_GROUP, 6
        sign = -1 if group & SIGN else 1
        if group == SIGN:
            raise MalformedError("minus zero")
        while group >= CONTINUES:
            if shift > MAX_SHIFT:
                raise MalformedError("number too long")
            group = self.byte()
            value |= (group & GROUP) << shift
            shift += 7
            if not group:
                raise MalformedError("number written too long")
        return sign * value

    def take(self, length: int) -> bytes:
        """Read this many bytes."""
        start = self.position
        end = start + length
        if end > self.end:
            raise MalformedError("ends early")
        self.position = end
        return self.data[start:end]

    def block(self) -> bytes:
        """Read a length, then that many bytes."""
        return self.take(self.number())

    def text(self) -> str:
        """Read a length in bytes, then that much of a string."""
        try:
            return self.take(self.number()).decode()
        except UnicodeDecodeError:
            raise MalformedError("not UTF-8") from None

    def words(self) -> str:
        """Read a string of characters that texts may contain."""
        words = self.text()
        if not words.isprintable() and _UNFIT.search(words):
            raise MalformedError("control character")
        return words

    def json(self) -> object:
        """Read a value in exactly the JSON that a browser writes, at most 10 kB.

        Other spellings (spaces, needless escapes, ``1e3``, a repeated key) may be read
        differently by another parser, or may contain half a surrogate pair.
        """
        words = self.words()
        return _remembered(words) if len(words) <= REMEMBERED else _parsed(words)

    def value(self, depth: int = 0) -> object:
        """Read one of the values that the editor stores, bounded in depth and length.

        Only some of lib0's types: a big integer stops every editor that reads it, and a
        fraction in place of a whole number is read differently by different programs.
        """
        kind = self.byte()
        if kind == INTEGER:
            whole = self.signed()
            if abs(whole) >= MAX_INTEGER:
                raise MalformedError("number too large")
            return whole
        if kind == STRING:
            return self._short_text()
        if kind in (OBJECT, ARRAY):
            return self._collection(kind, depth + 1)
        raise MalformedError("value of an unknown kind")

    def _collection(self, kind: int, depth: int) -> object:
        count = self.number()
        if depth > MAX_VALUE_DEPTH or count > MAX_VALUE_ITEMS:
            raise MalformedError("value too large")
        if kind == ARRAY:
            return [self.value(depth) for _ in range(count)]
        items = {self._short_text(): self.value(depth) for _ in range(count)}
        if len(items) < count:
            raise MalformedError("a key twice")
        return items

    def _short_text(self) -> str:
        text = self.words()
        if len(text) > MAX_STRING_BYTES:
            raise MalformedError("string too long")
        return text


@lru_cache(4096)  # nearly always {}, null or the number of a thread
def _remembered(words: str) -> object:
    return _parsed(words)


def _parsed(words: str) -> object:
    nested = words.count("[") + words.count("{")
    if len(words) > MAX_JSON_BYTES or nested > MAX_VALUE_ITEMS:
        raise MalformedError("JSON too large")
    try:
        value: object = json.loads(words)
        written = json_text(value)
    except (ValueError, RecursionError):
        raise MalformedError("not JSON") from None
    if written != words or _UNFIT_ESCAPE.search(words):
        raise MalformedError("not JSON as browsers write it")
    return value


def number(value: int) -> bytes:
    """Write a whole number, 0 or more."""
    if value < CONTINUES:
        return bytes((value,))
    groups = bytearray()
    while value > GROUP:
        groups.append(CONTINUES | value & GROUP)
        value >>= 7
    groups.append(value)
    return bytes(groups)


def block(data: bytes) -> bytes:
    """Write the length of some bytes, then the bytes."""
    return number(len(data)) + data


def text(words: str) -> bytes:
    """Write the length of a string in bytes, then the string."""
    return block(words.encode())


def signed(value: int) -> bytes:
    """Write a whole number with its sign in the first byte."""
    rest = abs(value)
    groups = bytearray((rest & FIRST_GROUP | (SIGN if value < 0 else 0),))
    rest >>= 6
    while rest:
        groups[-1] |= CONTINUES
        groups.append(rest & GROUP)
        rest >>= 7
    return bytes(groups)


def value(content: object) -> bytes:
    """Write one of lib0's values as the browser would.

    Raises:
        TypeError: JSON has no such value.
    """
    if content is None or isinstance(content, bool):
        return bytes(({None: NULL, True: TRUE, False: FALSE}[content],))
    if isinstance(content, int) and abs(content) < MAX_INTEGER:
        return bytes((INTEGER,)) + signed(content)
    if isinstance(content, int | float):
        return bytes((FLOAT64,)) + DOUBLE.pack(content)
    if isinstance(content, str):
        return bytes((STRING,)) + text(content)
    if isinstance(content, list):
        return bytes((ARRAY,)) + number(len(content)) + b"".join(map(value, content))
    if isinstance(content, dict):
        items = (text(key) + value(item) for key, item in content.items())
        return bytes((OBJECT,)) + number(len(content)) + b"".join(items)
    raise TypeError(type(content))


def json_text(content: object) -> str:
    """Write JSON as a browser's ``JSON.stringify`` does.

    Raises:
        ValueError: JSON has no such number.
    """
    return json.dumps(
        content, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )


def units(words: str) -> int:
    """Count UTF-16 units, which is how Yjs and browsers measure."""
    return len(words) if words.isascii() else len(words.encode("utf-16-le")) // 2
