"""Finding a quotation in a text, and what stands around it; pure.

Offsets and lengths count code points of the bare words, in which a line feed parts blocks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

AROUND = 32  # how much of the surroundings is kept on each side


@dataclass(frozen=True)
class Quotation:
    """Words of a text with what stands around them."""

    quote: str = ""  # empty: the section as a whole
    prefix: str = ""
    suffix: str = ""


def find(
    text: str, quote: str, prefix: str = "", suffix: str = ""
) -> tuple[int, int] | None:
    """Return where a quotation begins and ends, or None where its words are not there.

    Words are compared as they stand, then without their spaces and line ends: a browser
    and a person break lines differently, and Japanese has no spaces to begin with. Of
    several places the one wins whose surroundings agree best with those that were kept.
    """
    if not quote.strip():
        return None
    exact = [(at, at + len(quote)) for at in _places(text, quote)]
    found = exact or list(_ignoring_spaces(text, quote))
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
    offsets = [at for at, character in enumerate(text) if not character.isspace()]
    bare = "".join(text[at] for at in offsets)
    wanted = "".join(quote.split())
    for at in _places(bare, wanted):
        yield offsets[at], offsets[at + len(wanted) - 1] + 1


def _agreement(text: str, place: tuple[int, int], prefix: str, suffix: str) -> int:
    """Count the characters that agree outwards from the place; the first place wins a tie."""
    before, after = text[: place[0]], text[place[1] :]
    return _shared(reversed(before), reversed(prefix)) + _shared(after, suffix)


def _shared(left: Iterator[str] | str, right: Iterator[str] | str) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count
