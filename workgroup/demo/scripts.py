"""The language of a run of text, judged only by its script.

Hangul is Korean and kana is Japanese. Chinese characters without either are taken for
Japanese, which they are in this report; a Chinese text would need its language stated.
"""

import re
from itertools import pairwise

_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
_KANA = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
# A run of East Asian writing, with the marks, figures and spaces between its letters.
_LETTERS = (
    r"\u1100-\u11ff\u3005-\u3007\u3040-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
)
_RUN = re.compile(
    rf"[{_LETTERS}](?:[{_LETTERS}\u3000-\u303f\uff00-\uffef0-9 .]*[{_LETTERS}])?"
)


def language_of(text: str) -> str | None:
    """Judge a whole block: "ko", "ja", or None where Latin letters prevail."""
    hangul, kana, han = (len(script.findall(text)) for script in (_HANGUL, _KANA, _HAN))
    # A character of an East Asian script carries about as much as two Latin letters.
    if 2 * (hangul + kana + han) <= len(_LATIN.findall(text)):
        return None
    return "ko" if hangul > kana else "ja"


def runs(text: str, around: str | None) -> list[tuple[str, str | None]]:
    """Cut a block's text where its language changes: pieces with their language.

    Args:
        text: any text, "" gives no pieces.
        around: the block's language; a piece in it carries None, as it needs no mark.
    """
    if around is not None:
        return [(text, None)] if text else []
    found = [span for match in _RUN.finditer(text) for span in match.span()]
    cuts = sorted({0, *found, len(text)})
    pieces = [text[start:end] for start, end in pairwise(cuts)]
    return [(piece, language_of(piece)) for piece in pieces]
