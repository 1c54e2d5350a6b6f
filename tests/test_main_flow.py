"""The main flow as README numbers it, from an empty instance, in real browsers.

The parts of the walk are in ``walk.py``; what must be true of the printed report is here.
"""

import itertools
import re
import subprocess

import pikepdf
import pytest

from tests import walk as words
from tests.exports.structure import tags
from tests.servers import Server
from tests.walk import Walk

pytestmark = pytest.mark.browser


@pytest.fixture
def walk(tmp_path, whole_browser):
    """People without anything yet: no cohort, no accounts, an empty instance."""
    server = Server(tmp_path)
    walk = Walk(whole_browser, server)
    yield walk
    server.stop()


def test_a_report_from_an_empty_instance_to_a_finished_pdf(walk):
    walk.found()
    walk.draft()
    walk.discuss()
    walk.put_to_vote()
    walk.close()
    walk.export()

    assert walk.complaints == []
    with pikepdf.open(walk.printed) as pdf:
        assert_finished(pdf)
        assert_structure(pdf)
        assert_fonts(pdf)
    assert_text(walk.printed)


def assert_finished(pdf):
    """Final, titled, bookmarked in reading order, and declared accessible."""
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == "Meeting Every Spring"
        assert metadata["pdfuaid:part"] == "1"
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "en"
    with pdf.open_outline() as outline:
        titles = " | ".join(titles_of(outline.root))
    order = ["Contents", "Executive summary", "Meet every spring", "Record of votes"]
    places = [titles.index(title) for title in order]
    assert places == sorted(places)


def titles_of(items):
    for item in items:
        yield item.title
        yield from titles_of(item.children)


def assert_structure(pdf):
    """Headings without a jump, the note as a note, languages marked for screen readers."""
    tree = list(tags(pdf))
    levels = [int(tag.kind[1]) for tag in tree if re.fullmatch(r"H\d", tag.kind)]
    jumps = [(a, b) for a, b in itertools.pairwise(levels) if b > a + 1]
    assert levels[0] == 1
    assert jumps == []
    assert [tag.kind for tag in tree].count("Note") == 1
    assert {str(tag.get("/Lang")) for tag in tree if "/Lang" in tag.element} >= {
        "ja",
        "ko",
    }


def assert_fonts(pdf):
    """Every font is in the file, and no character came out as an empty box."""
    fonts = {
        str(font.BaseFont): font
        for page in pdf.pages
        for font in page.Resources.get("/Font", {}).values()
    }
    for font in fonts.values():
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert any(key in descriptor for key in ("/FontFile2", "/FontFile3"))
        assert "/ToUnicode" in font
    names = " ".join(fonts)
    assert "CJK" in names
    assert "Source" in names


def assert_text(path):
    """What was typed, pasted and decided, once and in order, and nothing of the talk."""
    read = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", str(path), "-"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    packed = packs(read)

    for sentence in (
        words.LATIN, words.KOREAN, words.JAPANESE, words.AFTER_THE_KILL, words.CHANGED,
    ):  # fmt: skip
        assert packed.count(packs(sentence)) == 1, sentence
    assert packs("Cabinet Office, White Paper, 2024.") in packed
    assert "DRAFT" not in read
    assert "秋では" not in read
    record = packed[packed.rindex(packs("Record of votes")) :]
    assert packs("United States") in record
    assert "Adopted" in record
    assert packs("Version 2") in record


def packs(text):
    """Leave out what line ends may have put in: spaces, and hyphens with them."""
    return re.sub(r"[\s-]+", "", text)
