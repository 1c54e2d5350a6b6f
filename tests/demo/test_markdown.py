"""Markdown becomes the blocks that a section's canonical form would have."""

import pytest

from workgroup.demo.markdown import UnknownMarkdownError, blocks
from workgroup.demo.scripts import language_of, runs


def text(words, *marks):
    node = {"type": "text", "text": words}
    return {**node, "marks": list(marks)} if marks else node


def paragraph(*content, **attrs):
    node = {"type": "paragraph", "content": list(content)}
    return {**node, "attrs": attrs} if attrs else node


STRONG = {"type": "strong"}
EM = {"type": "em"}

CASES = {
    "a paragraph": ("One line.", [paragraph(text("One line."))]),
    "a soft break is a space": (
        "One\nline.",
        [paragraph(text("One"), text(" "), text("line."))],
    ),
    "a heading": (
        "## Why",
        [{"type": "heading", "attrs": {"level": 2}, "content": [text("Why")]}],
    ),
    "emphasis": (
        "a *b* **c**",
        [paragraph(text("a "), text("b", EM), text(" "), text("c", STRONG))],
    ),
    "marks come in the order of their names": (
        "***b***",
        [paragraph(text("b", EM, STRONG))],
    ),
    "a link": (
        "[site](https://a.example/)",
        [
            paragraph(
                text("site", {"type": "link", "attrs": {"href": "https://a.example/"}})
            )
        ],
    ),
    "a footnote keeps its italic as stars": (
        "Fact.[^1]\n\n[^1]: Author, *Title* (2020).",
        [
            paragraph(
                text("Fact."),
                {"type": "footnote", "attrs": {"text": "Author, *Title* (2020)."}},
            )
        ],
    ),
    "a list": (
        "- a\n- b",
        [
            {
                "type": "bullet_list",
                "content": [
                    {"type": "list_item", "content": [paragraph(text("a"))]},
                    {"type": "list_item", "content": [paragraph(text("b"))]},
                ],
            }
        ],
    ),
    "a list that starts at three": (
        "3. a",
        [
            {
                "type": "ordered_list",
                "attrs": {"order": 3},
                "content": [{"type": "list_item", "content": [paragraph(text("a"))]}],
            }
        ],
    ),
    "a quotation": (
        "> a",
        [{"type": "blockquote", "content": [paragraph(text("a"))]}],
    ),
    "a table": (
        "| h |\n| --- |\n| c |",
        [
            {
                "type": "table",
                "content": [
                    {
                        "type": "table_row",
                        "content": [
                            {
                                "type": "table_header",
                                "content": [paragraph(text("h"))],
                            }
                        ],
                    },
                    {
                        "type": "table_row",
                        "content": [
                            {"type": "table_cell", "content": [paragraph(text("c"))]}
                        ],
                    },
                ],
            }
        ],
    ),
    "Japanese": ("これは文です。", [paragraph(text("これは文です。"), lang="ja")]),
    "Korean": ("이것은 문장이다.", [paragraph(text("이것은 문장이다."), lang="ko")]),
    "a foreign word in an English sentence": (
        "the past (과거사) remains",
        [
            paragraph(
                text("the past ("),
                text("과거사", {"type": "lang", "attrs": {"lang": "ko"}}),
                text(") remains"),
            )
        ],
    ),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES.keys())
def test_markdown_becomes(source, expected):
    assert blocks(source) == expected


@pytest.mark.parametrize("source", ["![a](b.png)", "`code`", "    code", "<b>x</b>"])
def test_what_has_no_place_in_a_section_is_refused(source):
    with pytest.raises(UnknownMarkdownError, match="no place"):
        blocks(source)


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("", None),
        ("2023", None),
        ("The Oslo Guidelines", None),
        ("国際協力機構", "ja"),
        ("国際緊急援助隊の派遣", "ja"),
        ("우주항공청", "ko"),
        ("大韓民國의 헌법", "ko"),
        ("NASA와 함께", "ko"),
        ("한국국제협력단 KOICA", "ko"),
        ("A long English sentence that cites 과거사 once.", None),
    ],
)
def test_a_block_is_judged_by_its_script(words, language):
    assert language_of(words) == language


def test_a_text_in_the_language_of_its_block_is_left_whole():
    assert runs("二〇二三年八月、NASAと", "ja") == [("二〇二三年八月、NASAと", None)]
    assert runs("", None) == []
