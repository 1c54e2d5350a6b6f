"""Finding a quotation and its surroundings in a text; pure.

Offsets and lengths count code points of the plain text, with a line feed between blocks.
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, takewhile
from operator import eq

from workgroup.text import is_visible

AROUND = 32  # how much of the surroundings is kept on each side
MANY = 200  # places that are compared at most; somebody may comment on the letter "e"


@dataclass(frozen=True)
class Quotation:
    """Words of a text with their surroundings."""

    quote: str = ""  # empty: the section as a whole
    prefix: str = ""
    suffix: str = ""


def find(
    text: str, quote: str, prefix: str = "", suffix: str = ""
) -> tuple[int, int] | None:
    """Return where a quotation begins and ends, or None where its words are not there.

    Words are compared as they are, then without spaces and line ends: browsers and people
    break lines differently, and Japanese has no spaces to begin with. Of several places, the
    one wins whose surroundings agree best with the stored ones. A page may do this for a
    thousand threads, so the cost of one is bounded.
    """
    if not is_visible(quote):
        return None
    unchanged = text.find(prefix + quote + suffix)
    if unchanged != -1:
        start = unchanged + len(prefix)
        return start, start + len(quote)
    exact = [(at, at + len(quote)) for at in islice(_places(text, quote), MANY)]
    found = exact or list(islice(_ignoring_spaces(text, quote), MANY))
    if not found:
        return None
    return max(found, key=lambda place: _agreement(text, place, prefix, suffix))


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the characters before and after a range."""
    return text[max(0, start - AROUND) : start], text[end : end + AROUND]


def _places(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at != -1:
        yield at
        at = text.find(words, at + 1)


def _ignoring_spaces(text: str, quote: str) -> Iterator[tuple[int, int]]:
    bare, offsets = _without_spaces(text)
    wanted = "".join(quote.split())
    for at in _places(bare, wanted):
        yield offsets[at], offsets[at + len(wanted) - 1] + 1


@lru_cache(maxsize=2)  # all quotations of a page are searched for in one text
def _without_spaces(text: str) -> tuple[str, "array[int]"]:
    """Return a text without its spaces, and where each of its characters stood."""
    offsets = array("I", (at for at, one in enumerate(text) if not one.isspace()))
    return "".join(text.split()), offsets


def _agreement(text: str, place: tuple[int, int], prefix: str, suffix: str) -> int:
    """Count the surrounding characters that agree, outward from the place; a tie goes to the first."""
    before, after = around(text, *place)
    return _shared(reversed(before), reversed(prefix)) + _shared(after, suffix)


def _shared(left: Iterable[str], right: Iterable[str]) -> int:
    return len(list(takewhile(bool, map(eq, left, right))))
