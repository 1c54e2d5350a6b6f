import dataclasses

import pytest

from exports import bounds, characters
from exports.assets import collect
from exports.blocks import BlockWriter
from exports.document import Asset, Document, Kind, Status
from exports.problems import ExportError
from exports.sizes import MOST, Size
from tests.exports.child import call, export
from tests.exports.sample import sample
from tests.exports.writing import (
    NOTE,
    SENTENCES,
    block,
    heading,
    note,
    paragraph,
    section,
    text,
)


def report(*blocks, **changes):
    """A report whose one chapter is called Alpha."""
    chapter = section("alpha", Kind.CHAPTER, "Alpha", *blocks, number="1")
    nothing = {"decisions": (), "delegations": (), "assets": ()}
    whole = sample(Status.FINAL)
    return dataclasses.replace(whole, sections=(chapter,), **nothing | changes)


def written(*blocks):
    writer = BlockWriter(
        "Alpha",
        anchor="a",
        depth=1,
        targets={"beta": "s2"},
        images={"harbour": "asset:image/1"},
        figure=lambda: "Figure 1",
        credit="Credit:",
    )
    return str(writer.write(blocks)), writer


def mark(kind, **attributes):
    return {"type": kind, "attrs": attributes}


def test_a_character_without_a_glyph_is_named_with_its_section(engine, tmp_path):
    run = export(report(paragraph("A rare one: \U0002a6a5.")), tmp_path)

    assert run.code == 1
    assert run.last["error"]["code"] == "missing-glyph"
    assert run.last["error"]["section"] == "Alpha"
    assert run.last["error"]["character"] == "\U0002a6a5"
    assert "U+2A6A5" in run.last["error"]["message"]
    assert not run.target.exists()


@pytest.mark.parametrize("character", ["\ue000", "\x07", "\ud800", "\U000f1234"])
def test_what_no_font_should_draw_is_refused_before_the_layout(character):
    document = report(paragraph("Before"), paragraph(f"after {character}"))

    with pytest.raises(ExportError, match=r"Alpha.*cannot be printed") as refused:
        characters.refuse_unprintable(document)

    assert refused.value.code == "refused-character"
    assert refused.value.character == f"U+{ord(character):04X}"


def test_a_bad_character_in_the_members_names_that_part():
    whole = sample(Status.FINAL)
    [first, *others] = whole.delegations
    odd = dataclasses.replace(first.members[0], affiliation="Institute \ue123")
    first = dataclasses.replace(first, members=(odd, *first.members[1:]))

    with pytest.raises(ExportError) as refused:
        characters.refuse_unprintable(
            dataclasses.replace(whole, delegations=(first, *others))
        )

    assert refused.value.section == "The working group"


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("unknown-node", {"type": "video"}),
        ("unknown-node", block("bullet_list", paragraph("no item"))),
        ("unknown-node", block("table", block("table_row", paragraph("no cell")))),
        ("unknown-node", paragraph({"type": "iframe"})),
        ("unknown-mark", paragraph(text("blink", "blink"))),
        ("bad-link", paragraph(text("x", mark("link", href="javascript:alert(1)")))),
        ("bad-link", paragraph(text("x", mark("link", href="file:///etc/passwd")))),
        ("bad-language", paragraph("x", lang='"><script>')),
        ("missing-image", {"type": "image", "attrs": {"src": "gone", "alt": "Gone"}}),
        ("missing-alternative", {"type": "image", "attrs": {"src": "harbour"}}),
    ],
)
def test_what_is_not_known_is_refused_with_its_section(code, content):
    with pytest.raises(ExportError) as refused:
        written(content)

    assert refused.value.code == code
    assert refused.value.section == "Alpha"


def test_an_image_that_cannot_be_read_is_refused_with_its_section():
    image = {"type": "image", "attrs": {"src": "photo", "alt": "A photo"}}
    broken = Asset(name="photo", media_type="image/png", data="bm8gaW1hZ2U=")

    with pytest.raises(ExportError, match=r"Alpha.*cannot be read") as refused:
        collect(report(image, assets=(broken,)), {})

    assert refused.value.code == "broken-image"


def deep(levels):
    inner = paragraph("deep")
    for _ in range(levels):
        inner = block("blockquote", inner)
    return inner


def cells(count, **attributes):
    cell = {"type": "table_cell", "content": [paragraph("x")], "attrs": attributes}
    return block("table", *[block("table_row", *[cell] * 50)] * (count // 50))


def notes(count):
    return [paragraph(*[note("n")] * 20)] * (count // 20)


def with_sections(count):
    one = section("alpha", Kind.CHAPTER, "Alpha")
    return dataclasses.replace(report(), sections=(one,) * count)


@pytest.mark.parametrize(
    ("size", "most", "over"),
    [
        (Size.NESTING, report(deep(19)), report(deep(20))),
        (Size.NESTING, report(), report(deep(5000))),
        (
            Size.FOOTNOTES_IN_A_PARAGRAPH,
            report(*notes(20)),
            report(paragraph(*[note("n")] * 21)),
        ),
        (
            Size.CHARACTERS_IN_A_PARAGRAPH,
            report(paragraph("x" * 100_000)),
            report(heading(1, "x" * 100_001)),
        ),
        (Size.CELLS_IN_A_TABLE, report(cells(5000)), report(cells(5050))),
        (Size.SPAN, report(cells(50, rowspan=20)), report(cells(50, colspan=21))),
        (Size.FOOTNOTES, report(*notes(2000)), report(*notes(2020))),
        (
            Size.CHARACTERS,
            report(*[paragraph("x" * 100_000)] * 30),
            report(*[paragraph("x" * 100_000)] * 30, paragraph(note("n"))),
        ),
        (
            Size.BLOCKS,
            report(*[paragraph()] * MOST[Size.BLOCKS]),
            report(*[paragraph()] * MOST[Size.BLOCKS], heading(1, "")),
        ),
        (
            Size.SECTIONS,
            with_sections(MOST[Size.SECTIONS]),
            with_sections(MOST[Size.SECTIONS] + 1),
        ),
    ],
)
def test_what_would_take_too_long_is_refused_before_the_layout(size, most, over):
    bounds.check(most)

    with pytest.raises(bounds.TooMuchError) as refused:
        bounds.check(over)

    assert refused.value.size is size
    assert refused.value.count > MOST[size]
    assert "Alpha" in (refused.value.section or "Alpha")


def test_paragraphs_with_as_many_notes_as_they_may_have_are_printed(engine, tmp_path):
    sentences = [
        (text(f"{SENTENCES[at % 8]} "), note(f"{at}. {NOTE}")) for at in range(20)
    ]
    full = paragraph(*(part for pair in sentences for part in pair))

    run = export(report(full, full), tmp_path)

    assert run.code == 0
    assert run.last["done"]


def test_a_cell_that_spans_nothing_is_no_text():
    with pytest.raises(ExportError, match="“Alpha” is damaged"):
        bounds.check(report(cells(50, rowspan=0)))


@pytest.mark.parametrize("node", [{}, {"type": 3}, {"type": "p", "content": "x"}])
def test_a_text_that_is_no_text_is_refused(node):
    with pytest.raises(ExportError, match="“Alpha” is damaged"):
        bounds.check(report(block("blockquote", node)))


def test_a_heading_never_stands_two_levels_below_the_one_before():
    html, writer = written(heading(3, "Deep"), heading(1, "Top"), heading(3, "Again"))

    assert [each.depth for each in writer.headings] == [2, 2, 3]
    assert html.count("<h2") == 2


def test_a_comment_does_not_split_the_text():
    html, _ = written(paragraph("Kyū", text("shū", mark("comment", id="7")), " isle"))

    assert html == "<p>Kyūshū isle</p>"


def test_a_link_within_the_site_is_printed_as_its_words():
    html, _ = written(paragraph(text("see", mark("link", href="/c/one/sections/2"))))

    assert html == "<p>see</p>"


def test_markup_in_words_is_printed_as_words():
    html, _ = written(paragraph('<img src="x">'), heading(1, '"><b>'))

    assert "<img" not in html
    assert "<b>" not in html


def test_korean_words_hold_together():
    html, _ = written(paragraph("한국 측."))

    assert html == "<p>한\u2060국 측\u2060.</p>"


def test_a_document_with_an_unknown_or_missing_key_is_refused_with_its_path():
    good = sample(Status.DRAFT).to_json()
    with pytest.raises(ExportError, match=r"document\.sections\[1\]\.color is not"):
        Document.from_json(_changed(good, color="red"))
    with pytest.raises(ExportError, match=r"document\.sections\[1\]\.summary must"):
        Document.from_json(_changed(good, summary=1))
    with pytest.raises(ExportError, match=r"document\.furniture is missing"):
        Document.from_json({key: good[key] for key in good if key != "furniture"})

    assert Document.from_json(good).to_json() == good


def _changed(document, **changes):
    sections = list(document["sections"])
    sections[1] = sections[1] | changes
    return document | {"sections": sections}


@pytest.mark.parametrize("arguments", [[], ["one.json"], ["--help"], ["a", "b", "c"]])
def test_a_wrong_call_prints_its_usage(arguments):
    run = call(*arguments)

    assert run.code == 2
    assert run.lines == []
    assert "DOCUMENT.json OUT.pdf" in run.stderr


def test_a_document_that_is_no_json_is_one_line_of_error(tmp_path):
    source = tmp_path / "document.json"
    source.write_text("{")

    run = call(str(source), str(tmp_path / "out.pdf"))

    assert run.code == 1
    assert [line["error"]["code"] for line in run.lines] == ["bad-document"]


def test_a_note_names_the_language_of_its_words_in_another_script():
    html, _ = written(paragraph(note("Court, 헌법재판소 2024 결정 (*Annual*).")))

    assert 'data-tag="Note">' in html
    assert '<span lang="ko">' in html
    assert "<em>Annual</em>" in html
