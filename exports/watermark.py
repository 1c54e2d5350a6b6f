"""The word across a draft's pages, as a drawing: as text it would get into copied text."""

from pathlib import Path

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from exports.fonts import HERE, find_cjk

WIDTH = 190  # millimeters along the diagonal of the page
LARGEST = 62  # millimeters from baseline to baseline, for a short word

_LATIN = HERE / "fonts" / "source-sans-3" / "source-sans-3-latin-600-normal.woff2"


def outline(word: str) -> str:
    """Return the word as SVG path data around the origin, in millimeters."""
    font = _face(word)
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    drawn = [names[ord(letter)] for letter in word if ord(letter) in names]
    advance = sum(glyphs[name].width for name in drawn) or font["head"].unitsPerEm
    scale = min(WIDTH / advance, LARGEST / font["head"].unitsPerEm)
    pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.2f}")
    across, down = -advance * scale / 2, LARGEST * 0.23
    for name in drawn:
        glyphs[name].draw(TransformPen(pen, (scale, 0, 0, -scale, across, down)))
        across += glyphs[name].width * scale
    path: str = pen.getCommands()
    return path


def _face(word: str) -> TTFont:
    """Open the Latin face, or the Noto face that has the word's letters."""
    latin = TTFont(_LATIN)
    if all(ord(letter) in latin.getBestCmap() for letter in word):
        return latin
    # Each of the four faces in the collection has all characters of all the languages.
    return TTFont(Path(find_cjk() or "") / "NotoSansCJK-Bold.ttc", fontNumber=0)
