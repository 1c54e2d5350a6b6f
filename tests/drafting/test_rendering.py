"""What readers get: escaped, from fixed tables, with nothing passed through."""

import pytest

from tests.drafting.blocks import mark, node, paragraph, text
from workgroup.drafting.canonical import UnknownContentError, plain_text
from workgroup.drafting.inline import Passage
from workgroup.drafting.rendering import render

HOSTILE = "<script>alert(1)</script>\"'&"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;"


def link(href):
    return mark("link", href=href)


@pytest.mark.parametrize(
    ("block", "html"),
    [
        (paragraph("a"), "<p>a</p>"),
        (paragraph(), "<p><br></p>"),
        (node("heading", "a", level=1), "<h2>a</h2>"),
        (node("heading", "a", level=3), "<h4>a</h4>"),
        (paragraph("日本語", lang="ja"), '<p lang="ja">日本語</p>'),
        (
            paragraph(text("한국어", mark("lang", lang="ko"))),
            '<p><span lang="ko">한국어</span></p>',
        ),
        (node("blockquote", paragraph("a")), "<blockquote><p>a</p></blockquote>"),
        (
            node("ordered_list", node("list_item", paragraph("a")), order=3),
            '<ol start="3"><li><p>a</p></li></ol>',
        ),
        (node("horizontal_rule"), "<hr>"),
        (paragraph("a", node("hard_break"), "b"), "<p>a<br>b</p>"),
        (
            paragraph(text("a", mark("em"), mark("strong"))),
            "<p><strong><em>a</em></strong></p>",
        ),
        (paragraph(text("a", mark("insertion", id=1, by=2))), "<p><ins>a</ins></p>"),
        (paragraph(text("a", mark("comment", id=7))), "<p>a</p>"),
        (
            paragraph(
                text("a ", link("https://x.example/")),
                text("b", link("https://x.example/"), mark("em")),
            ),
            '<p><a href="https://x.example/" rel="noopener noreferrer">a <em>b</em></a></p>',
        ),
        (
            paragraph(text("a", link("/c/x/report"))),
            '<p><a href="/c/x/report">a</a></p>',
        ),
        (
            paragraph(node("cross_reference", target="s1", label="<Part>")),
            '<p><span class="xref">&lt;Part&gt;</span></p>',
        ),
    ],
)
def test_each_block_has_its_tags(block, html):
    assert render([block]) == html


@pytest.mark.parametrize(
    "block",
    [
        paragraph(HOSTILE),
        node("heading", HOSTILE, level=1),
        paragraph(node("footnote", text=HOSTILE)),
        paragraph(node("cross_reference", target="x", label=HOSTILE)),
        node("image", src="/static/x.png", alt=HOSTILE, caption=HOSTILE),
        node("image", src='/x" onerror="alert(1)', alt=""),
        node("image", src="https://elsewhere.example/x.png", alt=HOSTILE),
        paragraph(text("a", link('https://x.example/"><script>'))),
        paragraph("a", lang='ja" onclick="alert(1)'),
    ],
)
def test_words_never_become_markup(block):
    html = str(render([block]))

    assert "<script" not in html
    assert 'onerror="' not in html
    assert 'onclick="' not in html


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/\\evil.example",
        "vbscript:x",
    ],
)
def test_a_link_with_a_foreign_scheme_is_bare_words(href):
    assert render([paragraph(text("a", link(href)))]) == "<p>a</p>"


@pytest.mark.parametrize(
    "block",
    [
        node("script", "alert(1)"),
        node("doc", paragraph("a")),
        paragraph(node("iframe")),
        paragraph(text("a", mark("blink"))),
        node("table", node("table_row", paragraph("a"))),
        node("footnote", text="a"),
    ],
)
def test_an_unknown_node_or_mark_is_refused(block):
    with pytest.raises(UnknownContentError):
        render([block])


def test_a_table_states_what_its_headings_head():
    head = node(
        "table_row",
        node("table_header", paragraph("Step")),
        node("table_header", paragraph("By")),
    )
    row = node(
        "table_row",
        node("table_header", paragraph("Agree")),
        node("table_cell", paragraph("May"), colspan=2),
    )

    html = str(render([node("table", head, row)]))

    assert html == (
        '<div class="scroll" tabindex="0"><table><tbody>'
        '<tr><th scope="col"><p>Step</p></th><th scope="col"><p>By</p></th></tr>'
        '<tr><th scope="row"><p>Agree</p></th><td colspan="2"><p>May</p></td></tr>'
        "</tbody></table></div>"
    )


def test_notes_are_numbered_with_a_way_back():
    html = str(
        render(
            [
                paragraph(
                    "a", node("footnote", text="See *The Text*, https://x.example/a.")
                ),
                paragraph(node("footnote", text="二")),
            ]
        )
    )

    assert (
        '<a class="fn" id="noteref-1" href="#note-1" role="doc-noteref">1</a>' in html
    )
    assert (
        '<li id="note-1">See <em>The Text</em>, <a href="https://x.example/a" '
        'rel="noopener noreferrer">https://x.example/a</a>. '
        '<a href="#noteref-1" role="doc-backlink" aria-label="Back to the text">↩</a></li>'
    ) in html
    assert '<li id="note-2">二 ' in html


def test_a_passage_is_highlighted_across_marks_and_blocks():
    blocks = [paragraph("one ", text("two", mark("em"))), paragraph("三つ目")]
    words = plain_text(blocks)
    passage = Passage(thread="7", start=words.index("two"), end=words.index("つ目"))

    html = str(render(blocks, passages=[passage]))

    assert html == (
        '<p>one <span class="cm" data-passage="7"><em>two</em></span></p>'
        '<p><span class="cm" data-passage="7">三</span>つ目</p>'
    )


def test_only_requested_threads_show_their_marks():
    blocks = [
        paragraph(text("a", mark("comment", id=7)), text("b", mark("comment", id=8)))
    ]

    assert (
        str(render(blocks, threads=["8"]))
        == '<p>a<span class="cm" data-passage="8">b</span></p>'
    )
