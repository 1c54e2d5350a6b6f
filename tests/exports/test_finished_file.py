import re
import subprocess
from collections import Counter
from itertools import pairwise

import pikepdf
import pytest

from exports.document import Kind
from tests.exports.sample import JAPANESE, KOREAN
from tests.exports.structure import (
    bookmarks,
    destinations,
    fonts,
    links,
    read_aloud,
)


def squeezed(text):
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def whole(pages):
    return squeezed("".join(pages))


def test_the_last_line_counts_the_pages_and_names_the_hash(draft, pdf):
    assert draft.last["done"] is True
    assert draft.last["pages"] == len(pdf.pages)
    assert re.fullmatch("[0-9a-f]{64}", draft.last["sha256"])


def test_progress_names_every_page_once_and_in_order(draft):
    laid_out = [line["page"] for line in draft.lines if "page" in line]

    assert laid_out == list(range(1, draft.last["pages"] + 1))
    assert {line.get("step") for line in draft.lines} >= {"layout", "draw", "describe"}


def test_qpdf_finds_nothing_wrong(draft):
    checked = subprocess.run(
        ["qpdf", "--check", str(draft.target)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_file_declares_that_it_is_tagged_and_accessible(pdf, document):
    root = pdf.Root

    assert root.MarkInfo.Marked
    assert root.ViewerPreferences.DisplayDocTitle
    assert str(root.Lang) == "en"
    assert all(page.get("/Tabs") == "/S" for page in pdf.pages)
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == document.title


def test_the_metadata_are_the_reports_and_no_members(pdf, document):
    assert str(pdf.docinfo["/Title"]) == document.title
    assert str(pdf.docinfo["/Author"]) == document.body
    assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261122030000")


def test_every_kind_of_content_has_its_tag(tree):
    kinds = Counter(tag.kind for tag in tree)

    wanted = {"H1", "H2", "L", "LI", "Table", "TH", "TD", "Caption", "Figure"}
    assert wanted | {"Note", "Link", "BlockQuote", "TOC", "TOCI"} <= kinds.keys()
    assert all(tag.get("/Alt") for tag in tree if tag.kind == "Figure")
    assert all(tag.get("/ID") for tag in tree if tag.kind in {"TH", "Note"})


def test_headings_never_skip_a_level(tree):
    levels = [int(tag.kind[1]) for tag in tree if re.fullmatch(r"H\d", tag.kind)]

    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_bookmarks_are_the_headings(pdf, tree, document):
    titles = [title for title, _ in bookmarks(pdf)]
    levels = Counter(depth for _, depth in bookmarks(pdf))
    tagged = Counter(tag.kind for tag in tree if re.fullmatch(r"H\d", tag.kind))

    assert titles[0] == "Contents"
    sections = [section.title for section in document.sections]
    assert [title for title in titles if title in sections] == sections
    assert {f"H{depth}": count for depth, count in levels.items()} == tagged


def test_every_link_leads_somewhere_and_says_where(pdf):
    known = destinations(pdf)

    assert {str(link.Dest) for link in links(pdf) if "/Dest" in link} <= known.keys()
    assert all("/Contents" in link and "/StructParent" in link for link in links(pdf))
    addresses = {str(link.A.URI) for link in links(pdf) if "/A" in link}
    assert "https://www.mofa.go.jp/policy/other/bluebook/" in addresses
    assert "https://example.org/agenda?year=2021&part=1" in addresses


def test_the_contents_name_the_page_on_which_each_part_begins(pdf, pages, document):
    contents = pages[2]
    known = destinations(pdf)

    for number, section in enumerate(document.sections, 1):
        [printed] = re.findall(rf"{re.escape(section.title)}[ .]*\s(\d+)\n", contents)
        assert int(printed) == known[f"s{number}"]
    assert f"{known['members']} of {len(pages)}" in pages[known["members"] - 1]


def test_the_summary_lists_every_recommendation_with_its_page(pdf, pages, document):
    known = destinations(pdf)
    first = next(page for page in range(4, 9) if "at a glance" in pages[page - 1])
    glance = "".join(pages[first - 1 : first + 1])

    for number, section in enumerate(document.sections, 1):
        if section.kind is Kind.RECOMMENDATION:
            assert section.title in glance
            assert re.search(rf"^{known[f's{number}']}$", glance, re.MULTILINE)


def test_all_fonts_are_embedded_and_no_character_is_a_box(pdf):
    for name, font, descriptor in fonts(pdf):
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()), name
        assert "/ToUnicode" in font, name
        assert not isinstance(font.get("/Encoding"), pikepdf.Stream), (
            f"{name} has boxes"
        )


def test_japanese_and_korean_are_set_in_their_own_faces(pdf):
    names = {name.split("+")[1] for name, *_ in fonts(pdf)}

    assert {"Noto-Serif-CJK-JP", "Noto-Serif-CJK-KR"} <= names
    assert {name.split("-")[0] for name in names} == {"Noto", "Source"}


def test_japanese_and_korean_can_be_copied_whole(whole):
    assert squeezed(JAPANESE) in whole
    assert squeezed(KOREAN) in whole
    assert squeezed("藤原 健司") in whole
    assert "\u2060" not in whole


def test_other_languages_are_named_in_the_tags(tree):
    languages = Counter(str(tag.get("/Lang")) for tag in tree if tag.get("/Lang"))

    assert languages["ja"] >= 4
    assert languages["ko"] >= 3


def test_footnotes_come_in_the_order_of_their_calls(tree, pages, document):
    source = str([section.blocks for section in document.sections])
    written = re.findall(r"Note (\d-\d)\.", source)

    printed = re.findall(r"Note (\d-\d)\.", "\n".join(pages))

    assert len(written) > 30
    assert printed == written
    assert sum(tag.kind == "Note" for tag in tree) >= len(written)


def test_running_heads_and_page_numbers_are_not_read_aloud(pdf, tree, pages):
    read, left = read_aloud(pdf, tree)

    aloud = "".join(text for page, text in read if page == 8)
    assert f"8 of {len(pages)}" in pages[7]
    assert "Domestic constraints" in pages[7]
    assert f"8 of {len(pages)}" not in aloud
    assert "Domestic constraints" not in aloud
    assert left == {}, "text that is neither in the tag tree nor an artifact"


def test_the_text_is_read_in_the_order_of_the_source(pdf, tree):
    read, _ = read_aloud(pdf, tree)
    aloud = squeezed("".join(text for page, text in read if page > 3))
    phrases = (
        "What we found",
        "A heading that would skip a level",
        "Lead ministry",
        "The harbour at Pusan",
        "should hold one joint exercise",
        "First steps",
        "Found a permanent secretariat",
        "Ji-woo Han",
    )

    places = [aloud.find(squeezed(phrase)) for phrase in phrases]

    assert -1 not in places
    assert places == sorted(places)


def test_the_record_of_votes_lists_rejected_ballots_too(pdf, tree):
    read, _ = read_aloud(pdf, tree)
    aloud = squeezed("".join(text for _, text in read))

    assert "Foundapermanentsecretariat" in aloud
    assert "4–02–01abstained3–09–01abstainedAdopted" in aloud
    assert "2–21–20–33–7Rejected;leftoutofthereport" in aloud


def test_versions_states_and_notices_are_printed(pages, whole):
    assert len(re.findall(r"Version\d·[0-9a-f]{8}", whole)) >= 10
    assert "Inballot" in whole
    assert "The people in this report are invented." in pages[1]
    assert "The people in this report are invented." in pages[-1]
    assert "Affiliationsareforidentificationonly." in whole
