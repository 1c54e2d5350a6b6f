"""How the sections of a report are numbered, each kind separately; pure."""

from collections import Counter
from collections.abc import Iterable
from string import ascii_uppercase

from workgroup.drafting.states import SectionKind


def numbers(kinds: Iterable[SectionKind]) -> list[str]:
    """Return each section's number in the report's order.

    Chapters count 1, 2, 3 and recommendations likewise among themselves; appendices
    are lettered A, B, C; front matter has no number, which is an empty string.
    """
    seen: Counter[SectionKind] = Counter()
    given = []
    for kind in kinds:
        seen[kind] += 1
        given.append(_number(kind, seen[kind]))
    return given


def _number(kind: SectionKind, count: int) -> str:
    if kind is SectionKind.FRONT:
        return ""
    return _letters(count) if kind is SectionKind.APPENDIX else str(count)


def _letters(count: int) -> str:
    """Count A to Z, then AA, AB and so on."""
    letters = ""
    while count:
        count, place = divmod(count - 1, len(ascii_uppercase))
        letters = ascii_uppercase[place] + letters
    return letters
