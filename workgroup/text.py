"""What people write, cleaned the same way everywhere; pure.

Kept: every letter and mark, full-width spaces (a Japanese paragraph begins with one), no-break
spaces, and the joiners that the spelling of some scripts needs. Removed: control characters,
and marks that are invisible or reverse a line, which can make one text look like another.
"""

import re
import unicodedata
from typing import Literal

HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Letters by category that are invisible: fillers, blank Braille and notes, and selectors.
BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f"
    "\U00016fe4\U0001d159\U000e0000-\U000e0fff]"
)
# Letters by their class that normalizing turns into marks.
AS_MARKS = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")
MOST_MARKS = 30  # in a row: more than any language writes, see Unicode's annex 15
DIVIDER = "\u034f"  # the invisible letter that the annex puts between them


def clean_words(text: str | None) -> str:
    """Return words of several lines with plain line ends; empty when nothing can be seen."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    kept = CONTROLS.sub("", HIDDEN.sub("", lines))
    return kept.strip(" \t\n") if is_visible(kept) else ""


def clean_line(text: str | None) -> str:
    """Return words on one line, composed (NFC); empty when nothing can be seen."""
    spaced = re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", HIDDEN.sub("", text or ""))
    composed = normal("NFC", spaced)
    return " ".join(composed.split()) if is_visible(composed) else ""


def normal(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """Return a text in one of Unicode's normal forms, in a time that grows with its length alone.

    Nothing else may call ``unicodedata.normalize``: it sorts the marks on one letter by
    insertion and lets no other thread run, so a million of them would stop the server for an hour.
    """
    return unicodedata.normalize(form, divided(text))


def divided(text: str) -> str:
    """Return a text with an invisible letter wherever too many marks follow one another."""
    if len(text) <= MOST_MARKS or text.isascii():
        return text
    pieces, marks = [], 0
    for character in text:
        is_mark = unicodedata.combining(character) or character in AS_MARKS
        marks = marks + 1 if is_mark else 0
        if marks > MOST_MARKS:
            pieces.append(DIVIDER)
            marks = 1
        pieces.append(character)
    return "".join(pieces)


def is_visible(text: str) -> bool:
    """Return whether a reader would see anything of a text."""
    return any(
        unicodedata.category(character)[0] not in "ZC"
        for character in BLANK.sub("", text)
    )
