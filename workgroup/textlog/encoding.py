"""The bytes of Yjs and of the live wire: read with every bound checked, and written.

Numbers are little-endian groups of seven bits, strings are UTF-8 behind their length:
the encoding of lib0, which Yjs uses in its first version of updates.
"""

import json
import math
import struct

MAX_VALUE_DEPTH = 6
MAX_VALUE_ITEMS = 64
MAX_JSON_BYTES = 10_000
MAX_STRING_BYTES = 20_000

CONTINUES = 128  # the bit that says that another group follows
GROUP = 127
MAX_SHIFT = 49  # JavaScript counts exactly up to 2**53
FIRST_GROUP = 63  # a signed number's first group also holds its sign
SIGN = 64

UNDEFINED, NULL, INTEGER, FLOAT32, FLOAT64, BIGINT = 127, 126, 125, 124, 123, 122
FALSE, TRUE, STRING, OBJECT, ARRAY = 121, 120, 119, 118, 117
CONSTANTS: dict[int, bool | None] = {
    UNDEFINED: None,
    NULL: None,
    FALSE: False,
    TRUE: True,
}
PACKED = {
    FLOAT32: struct.Struct(">f"),
    FLOAT64: struct.Struct(">d"),
    BIGINT: struct.Struct(">q"),
}
MAX_INTEGER = 2**31


class MalformedError(ValueError):
    """The bytes are not what they say, or say too much."""


class Reader:
    """Reads one byte string from its beginning to its end.

    A class with slots and not closures: a recursive closure is a reference cycle for
    every update, and the collector's pauses doubled the slowest one in a hundred.
    """

    __slots__ = ("data", "end", "position")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0
        self.end = len(data)

    @property
    def is_done(self) -> bool:
        """Say whether nothing is left."""
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
                return value
            shift += 7
        raise MalformedError("number too long")

    def signed(self) -> int:
        """Read a whole number with a sign."""
        group = self.byte()
        value, shift = group & FIRST_GROUP, 6
        sign = -1 if group & SIGN else 1
        while group >= CONTINUES:
            if shift > MAX_SHIFT:
                raise MalformedError("number too long")
            group = self.byte()
            value |= (group & GROUP) << shift
            shift += 7
        return sign * value

    def take(self, length: int) -> bytes:
        """Read so many bytes."""
        start = self.position
        end = start + length
        if end > self.end:
            raise MalformedError("ends early")
        self.position = end
        return self.data[start:end]

    def block(self) -> bytes:
        """Read bytes behind their length."""
        return self.take(self.number())

    def text(self) -> str:
        """Read a string behind its length in bytes."""
        try:
            return self.take(self.number()).decode()
        except UnicodeDecodeError:
            raise MalformedError("not UTF-8") from None

    def json(self) -> object:
        """Read a value written as JSON, at most 10 kB and not deeply nested."""
        text = self.block()
        nested = text.count(b"[") + text.count(b"{")
        if len(text) > MAX_JSON_BYTES or nested > MAX_VALUE_ITEMS:
            raise MalformedError("JSON too large")
        try:
            value: object = json.loads(text.decode())
        except (ValueError, RecursionError):
            raise MalformedError("not JSON") from None
        return value

    def value(self, depth: int = 0) -> object:
        """Read one of lib0's values: what JSON has, bounded in depth and length."""
        kind = self.byte()
        if kind in CONSTANTS:
            return CONSTANTS[kind]
        if kind == INTEGER:
            return self.signed()
        if kind == STRING:
            return self._short_text()
        if packed := PACKED.get(kind):
            number: int | float = packed.unpack(self.take(packed.size))[0]
            if not math.isfinite(number):
                raise MalformedError("not a number")
            return number
        if kind in (OBJECT, ARRAY):
            return self._collection(kind, depth + 1)
        raise MalformedError("value of an unknown kind")

    def _collection(self, kind: int, depth: int) -> object:
        count = self.number()
        if depth > MAX_VALUE_DEPTH or count > MAX_VALUE_ITEMS:
            raise MalformedError("value too large")
        if kind == ARRAY:
            return [self.value(depth) for _ in range(count)]
        return {self._short_text(): self.value(depth) for _ in range(count)}

    def _short_text(self) -> str:
        text = self.text()
        if len(text) > MAX_STRING_BYTES:
            raise MalformedError("string too long")
        return text


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
    """Write bytes behind their length."""
    return number(len(data)) + data


def text(words: str) -> bytes:
    """Write a string behind its length in bytes."""
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
        return bytes((FLOAT64,)) + PACKED[FLOAT64].pack(content)
    if isinstance(content, str):
        return bytes((STRING,)) + text(content)
    if isinstance(content, list):
        return bytes((ARRAY,)) + number(len(content)) + b"".join(map(value, content))
    if isinstance(content, dict):
        items = (text(key) + value(item) for key, item in content.items())
        return bytes((OBJECT,)) + number(len(content)) + b"".join(items)
    raise TypeError(type(content))


def units(words: str) -> int:
    """Count UTF-16 units, which is how Yjs and browsers measure."""
    return len(words) if words.isascii() else len(words.encode("utf-16-le")) // 2
