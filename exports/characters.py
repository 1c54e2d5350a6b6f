"""Single characters: which are refused, which are set differently, where one occurs."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from exports import strict
from exports.document import Document
from exports.problems import ExportError

WORD_JOINER = "\u2060"

# Unassigned, surrogate, private-use and control characters have no look of their own;
# a font might draw a symbol of its own for a private one, and nobody would notice.
_REFUSED = {"Cc", "Cn", "Co", "Cs"}
_WHITE = "\t\n\r"

# Korean lines break between words; the layout engine would break between any syllables.
_INSIDE_KOREAN = re.compile(
    r"(?<=[\uac00-\ud7a3])(?=[\uac00-\ud7a3.,!?:;)\]}’”」』》〉·%])"
)
_LONGEST_KOREAN_WORD = (
    24  # beyond this a break inside the word is better than a line that runs over
)
_WORD = re.compile(r"\S+")  # to look for Korean ones here takes its length squared

# The Latin faces have no glyph for these, and another face's glyph would stand out.
_SET_AS = str.maketrans(
    {
        "\u2010": "-",
        "\u2011": f"{WORD_JOINER}-{WORD_JOINER}",
        "\u202f": "\u00a0",
    }
)

_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


def set_as(text: str) -> str:
    """Return the text as it is printed, with Korean words kept whole."""
    if not text.isascii():
        text = _WORD.sub(_hold_together, text.translate(_SET_AS))
    return text


def _hold_together(match: re.Match[str]) -> str:
    word = match.group()
    if len(word) > _LONGEST_KOREAN_WORD:
        return word
    return _INSIDE_KOREAN.sub(WORD_JOINER, word)


def script_language(text: str) -> str | None:
    """Return Korean or Japanese, judged by script; None for all others, Chinese included.

    A few words of another script do not change a text's language.
    """
    latin, hangul = len(_LATIN.findall(text)), len(_HANGUL.findall(text))
    if hangul:
        return "ko" if hangul > latin else None
    return "ja" if _KANA.search(text) and latin < len(text) / 2 else None


def refuse_unprintable(document: Document) -> None:
    """Refuse characters that no font can be expected to draw.

    Raises:
        ExportError: names the first such character and the section it stands in.
    """
    for place, text in _texts(document):
        for character in text:
            if unicodedata.category(character) in _REFUSED and character not in _WHITE:
                raise ExportError(
                    "refused-character",
                    f"“{place}” holds {named(character)}, which cannot be printed.",
                    section=place,
                    character=shown(character),
                )


def missing_glyph(document: Document, character: str) -> ExportError:
    """Report that no font has a glyph for the character, and where it occurs."""
    place = next((place for place, text in _texts(document) if character in text), None)
    where = f"“{place}”" if place else "The report"
    return ExportError(
        "missing-glyph",
        f"{where} holds {named(character)}, for which no font has a glyph.",
        section=place,
        character=shown(character),
    )


def shown(character: str) -> str:
    """Return a character in a form that JSON and pages can hold, which a lone surrogate is not."""
    return (
        f"U+{ord(character):04X}"
        if unicodedata.category(character) in _REFUSED
        else character
    )


def named(character: str) -> str:
    """Return the character with its code point and name."""
    code, name = f"U+{ord(character):04X}", unicodedata.name(character, "")
    if unicodedata.category(character) in _REFUSED:
        return code
    return f"“{character}” ({code} {name})" if name else f"“{character}” ({code})"


def _texts(document: Document) -> Iterator[tuple[str, str]]:
    """Yield every printed text with the title of the section or part it stands in."""
    for section in document.sections:
        for text in _strings(
            [section.title, section.number, section.addressees, section.horizon]
        ):
            yield section.title, text
        for text in _strings(list(section.blocks)):
            yield section.title, text
    furniture = document.furniture
    for decision in document.decisions:
        for text in (decision.title, decision.rule, decision.outcome):
            yield furniture.record_of_votes, text
    for text in _strings(
        [strict.write(delegation) for delegation in document.delegations]
    ):
        yield furniture.members, text
    for text in _strings(document.to_json()):
        yield document.title, text


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - parsed JSON
    """Yield every string in a tree; not recursive, so that depth is no danger."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            waiting.extend(reversed(list(item.values())))
        elif isinstance(item, list | tuple):
            waiting.extend(reversed(item))
