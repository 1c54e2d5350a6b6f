"""The form that is hashed: the same text gives the same bytes, another text others."""

import pytest

from tests.drafting.blocks import doc, mark, node, paragraph, text
from workgroup.drafting.canonical import (
    UnknownContentError,
    canonical_bytes,
    canonical_form,
    plain_text,
    sha256,
    word_count,
)
from workgroup.drafting.states import SectionKind

STRONG, EM = mark("strong"), mark("em")


def form(*blocks, kind=SectionKind.CHAPTER, title="Title", **fields):
    return canonical_form(doc(*blocks), kind=kind, title=title, **fields)


def test_the_bytes_of_a_small_text_are_these():
    written = form(node("heading", "Première", level=1, lang="fr"), paragraph("日本語"))

    assert canonical_bytes(written).decode() == (
        '{"blocks":[{"attrs":{"lang":"fr","level":1},"content":[{"text":"Première","type":"text"}],'
        '"type":"heading"},{"content":[{"text":"日本語","type":"text"}],"type":"paragraph"}],'
        '"kind":"chapter","title":"Title"}'
    )
    assert sha256(written) == (
        "74b902ed3972734f2888efc9077efb8bbcdcc0d93dec31e2965430d501191f08"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            paragraph(text("a long "), text("word", mark("comment", id=7))),
            paragraph("a long word"),
            id="a comment's mark",
        ),
        pytest.param(
            paragraph(text("a", EM, mark("comment", id=7)), text("b", EM)),
            paragraph(text("ab", EM)),
            id="words that only a comment's mark parted",
        ),
        pytest.param(
            paragraph(text("a", EM, STRONG)),
            paragraph(text("a", STRONG, EM)),
            id="order of marks",
        ),
        pytest.param(
            paragraph("a", lang=None, brk=None), paragraph("a"), id="absent attributes"
        ),
        pytest.param(
            node(
                "table",
                node(
                    "table_row", node("table_cell", colspan=1, rowspan=1, colwidth=None)
                ),
            ),
            node("table", node("table_row", node("table_cell"))),
            id="a cell's defaults",
        ),
        pytest.param(
            node("ordered_list", order=1), node("ordered_list"), id="a list from 1"
        ),
        pytest.param(paragraph(text("")), paragraph(), id="no words"),
    ],
)
def test_what_makes_no_difference_to_a_reader_makes_none_to_the_hash(one, other):
    assert sha256(form(one)) == sha256(form(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            node("heading", "a", level=1), node("heading", "a", level=2), id="level"
        ),
        pytest.param(
            paragraph(text("a", mark("link", href="https://a.example"))),
            paragraph(text("a", mark("link", href="https://b.example"))),
            id="a link's target",
        ),
        pytest.param(
            paragraph(node("footnote", text="a")),
            paragraph(node("footnote", text="b")),
            id="note",
        ),
        pytest.param(
            paragraph("\u00e9"), paragraph("e\u0301"), id="code points as typed"
        ),
        pytest.param(
            paragraph("\uac00"), paragraph("\u1100\u1161"), id="Hangul composed or not"
        ),
        pytest.param(paragraph("a", lang="ja"), paragraph("a"), id="language"),
        pytest.param(paragraph("a "), paragraph("a"), id="a space"),
        pytest.param(
            node("ordered_list", order=2), node("ordered_list"), id="a list's start"
        ),
    ],
)
def test_what_makes_a_difference_changes_the_hash(one, other):
    assert sha256(form(one)) != sha256(form(other))


def test_what_stands_above_the_text_is_hashed_too():
    fields = {"addressees": "The three governments", "horizon": "2027"}
    plain = form(paragraph("a"), kind=SectionKind.RECOMMENDATION)
    addressed = form(paragraph("a"), kind=SectionKind.RECOMMENDATION, **fields)
    chapter = form(paragraph("a"), **fields)

    assert len({sha256(plain), sha256(addressed), sha256(chapter)}) == 3
    assert "addressees" not in chapter
    assert sha256(form(paragraph("a"), title="Other")) != sha256(form(paragraph("a")))


@pytest.mark.parametrize(
    "block",
    [
        node("script", "alert(1)"),
        paragraph("a", onclick="alert(1)"),
        paragraph(text("a", mark("blink"))),
        paragraph(text("a", mark("link", href="https://a.example", target="_blank"))),
    ],
)
def test_what_the_schema_does_not_know_is_refused(block):
    with pytest.raises(UnknownContentError):
        form(block)


def test_offsets_count_code_points_of_words_with_blocks_on_lines():
    blocks = form(
        paragraph(),
        node("heading", "𠮷野家", level=1),
        paragraph("a", node("hard_break"), "b", node("footnote", text="not words")),
        node("bullet_list", node("list_item", paragraph("안녕"))),
        paragraph(),
        paragraph("end"),
    )["blocks"]

    words = plain_text(blocks)

    assert words == "𠮷野家\na\nb\n안녕\n\nend"
    assert words.index("안녕") == 8


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("", 0),
        ("Three well-known words.", 3),
        ("It isn’t so: 1,000 — yes!", 5),
        ("日本語です。", 5),
        ("동맹 협력", 2),
        ("NATOと日本", 4),
    ],
)
def test_words_are_counted_as_word_processors_do(words, count):
    assert word_count([paragraph(words)]) == count
