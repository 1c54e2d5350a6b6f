"""What a name may hold: letters, not the invisible characters that turn a line around; pure."""

import re
import unicodedata

# Controls of direction, and marks that show nothing: a name that carries them can make
# another name look like its own. The joiners stay; some scripts need them.
HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)


def clean_name(text: str | None) -> str:
    """Return a name on one line, composed (NFC), without control characters.

    Japanese and Korean keep their own letters; compatibility forms are not changed.
    """
    composed = unicodedata.normalize("NFC", HIDDEN.sub("", text or ""))
    visible = "".join(
        " " if unicodedata.category(character) == "Cc" else character
        for character in composed
    )
    return " ".join(visible.split())


def initials(name: str) -> str:
    """Return the one or two letters that stand for a name where there is little room."""
    words = name.split() or ["?"]
    last = words[-1][0] if len(words) > 1 else ""
    return (words[0][0] + last).upper()
