"""What could not be printed is not frozen: a bound is met while the text can still be changed."""

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exports import bounds
from exports.sizes import MOST, Size
from tests import cast
from tests.cast import person
from tests.drafting.blocks import node, paragraph
from tests.drafting.conftest import write_report
from tests.publishing.building import assembled
from workgroup import clock
from workgroup.database import db
from workgroup.deciding.rules import CONSENSUS
from workgroup.drafting import arranging, queries
from workgroup.drafting.labels import TOO_MUCH
from workgroup.drafting.models import Section
from workgroup.drafting.printable import TooMuchError
from workgroup.drafting.states import SectionKind, SectionState
from workgroup.lifecycle import flow
from workgroup.textlog import services as textlog
from workgroup.textlog.models import Stream
from workgroup.textlog.seed import new_client_id, seed_update

NOTE = node("footnote", text="See the annex.")


def deep(levels):
    inner = paragraph("Deep.")
    for _ in range(levels - 1):
        inner = node("blockquote", inner)
    return inner


def cells(count):
    row = node("table_row", *[node("table_cell", paragraph("x"))] * 50)
    return node("table", *[row] * (count // 50))


# What a cell spans is refused as it is typed (schema.SPAN), so no draft is beyond that bound.
ALONE = [
    (Size.NESTING, deep(20), deep(21), "nested 21 deep; at most 20 levels"),
    (
        Size.FOOTNOTES_IN_A_PARAGRAPH,
        paragraph("Sources", *[NOTE] * 20),
        paragraph("Sources", *[NOTE] * 21),
        "a paragraph with 21 footnotes; at most 20",
    ),
    (
        Size.CHARACTERS_IN_A_PARAGRAPH,
        paragraph("x" * 100_000),
        paragraph("x" * 100_001),
        "a paragraph of 100001 characters; at most 100000",
    ),
    (
        Size.CELLS_IN_A_TABLE,
        cells(5000),
        cells(5050),
        "a table with 5050 cells; at most 5000",
    ),
]
TOGETHER = [
    (Size.FOOTNOTES, [NOTE] * 3, [NOTE], "the report has 7 footnotes; at most 6"),
    (
        Size.CHARACTERS,
        ["abc"],
        ["d"],
        "the report has 7 characters, footnotes included",
    ),
    (Size.BLOCKS, [], [], "the report has 7 paragraphs, headings and table cells"),
]


def written(app, *blocks):
    """Write a chapter with these blocks; return its id and its address."""
    with app.app_context():
        [section] = write_report(SectionKind.CHAPTER, blocks=list(blocks))
        db.session.commit()
        return section.id, f"/c/{cast.SLUG}/sections/{section.id}"


def takes_words(section_id):
    """Type into the section; return whether the log took it."""
    section = db.session.get_one(Section, section_id)
    stream = db.session.get_one(Stream, section.stream_id)
    client, writer = new_client_id(), person("amy").user_id
    entry = textlog.Entry(client, 1, seed_update([paragraph("More.")], client))
    batch = textlog.Batch(stream.id, stream.epoch, [entry], {client: writer})
    return bool(textlog.append([batch]))


@pytest.mark.parametrize(
    ("size", "most", "over", "sentence"), ALONE, ids=[row[0] for row in ALONE]
)
def test_a_section_beyond_a_bound_is_not_frozen_and_can_be_edited(
    app, as_, size, most, over, sentence
):
    section_id, address = written(app, paragraph("First."), over)

    answers = [
        as_("olivia").post(f"{address}/freeze"),
        as_("olivia").post(
            f"{address}/open",
            data={"closes_at": "2027-05-14T18:00", "preset": "majority"},
        ),
    ]

    for answer in answers:
        assert answer.status_code == 409
        assert sentence in answer.text
        assert "Nothing was frozen" in answer.text
    assert "2027-05-14T18:00" in answers[1].text  # what was typed stays
    with app.app_context():
        assert db.session.get_one(Section, section_id).state is SectionState.DRAFT
        assert queries.latest_version(section_id) is None
        assert takes_words(section_id)


@pytest.mark.parametrize(
    ("size", "most", "over", "sentence"), ALONE, ids=[row[0] for row in ALONE]
)
def test_a_section_at_a_bound_is_frozen_and_can_be_printed(
    app, as_, size, most, over, sentence
):
    _, address = written(app, most)

    assert as_("olivia").post(f"{address}/freeze").status_code == 303

    with app.app_context():
        report = queries.find_report(person("olivia").cohort_id)
        bounds.check(assembled(report))


def test_the_refusal_quotes_how_the_paragraph_begins(app, as_):
    _, address = written(app, paragraph("The three parliaments", *[NOTE] * 21))

    answer = as_("olivia").post(f"{address}/freeze")

    assert "It begins with “The three parliaments”" in answer.text


def two_sections(content):
    """Two chapters that have three of everything that is counted in the whole report."""
    blocks = [paragraph(*content)] * (1 if content else 3)
    return write_report(SectionKind.CHAPTER, SectionKind.CHAPTER, blocks=blocks)


@pytest.mark.both_databases
@pytest.mark.parametrize(("size", "content", "one_more", "sentence"), TOGETHER)
def test_what_is_frozen_together_stays_within_the_reports_bounds(
    session, monkeypatch, size, content, one_more, sentence
):
    monkeypatch.setitem(MOST, size, 6)
    first, second = two_sections(content)
    third = arranging.add_section(
        first.report,
        person("olivia"),
        kind=SectionKind.CHAPTER,
        title="One too many",
        blocks=[paragraph(*one_more)],
    )
    session.commit()
    flow.freeze(first, person("olivia"))
    flow.put_to_vote(
        second, person("olivia"), CONSENSUS, clock.now() + timedelta(days=1)
    )
    session.commit()

    with pytest.raises(TooMuchError, match=sentence):
        flow.freeze(third, person("olivia"))
    session.rollback()

    flow.reopen(first, person("olivia"), "To make room.")
    assert flow.freeze(third, person("olivia")).number == 1


def test_a_section_frozen_before_a_bound_was_set_keeps_no_other_from_its_freeze(
    session, monkeypatch
):
    [old] = write_report(SectionKind.CHAPTER, blocks=[paragraph(NOTE, NOTE)])
    flow.freeze(old, person("olivia"))
    monkeypatch.setitem(MOST, Size.FOOTNOTES_IN_A_PARAGRAPH, 1)
    new = arranging.add_section(
        old.report, person("olivia"), kind=SectionKind.CHAPTER, title="New"
    )

    assert flow.freeze(new, person("olivia")).number == 1


def test_a_report_takes_as_many_sections_as_can_be_printed(session, monkeypatch):
    monkeypatch.setitem(MOST, Size.SECTIONS, 2)
    write_report(SectionKind.CHAPTER, SectionKind.CHAPTER)
    report = queries.find_report(person("olivia").cohort_id)

    with pytest.raises(arranging.TooManySectionsError, match="at most 2 sections"):
        arranging.add_section(
            report, person("olivia"), kind=SectionKind.CHAPTER, title="A third"
        )


def test_every_bound_has_its_sentence():
    assert TOO_MUCH.keys() == MOST.keys() == set(Size)


SMALL = {
    Size.NESTING: 6,
    Size.FOOTNOTES_IN_A_PARAGRAPH: 2,
    Size.CHARACTERS_IN_A_PARAGRAPH: 12,
    Size.CELLS_IN_A_TABLE: 3,
    Size.FOOTNOTES: 4,
    Size.CHARACTERS: 60,
    Size.BLOCKS: 8,
}
words = st.text("ab 日", min_size=1, max_size=8)
inline = st.one_of(words, words.map(lambda note: node("footnote", text=note)))
paragraphs = st.lists(inline, max_size=4).map(lambda content: paragraph(*content))
headings = words.map(lambda title: node("heading", title, level=1))


def lists_of(inner):
    return st.lists(inner, min_size=1, max_size=2)


def tables_of(inner):
    spans = st.integers(1, MOST[Size.SPAN])
    one = st.builds(
        lambda content, span: node("table_cell", *content, rowspan=span),
        lists_of(inner),
        spans,
    )
    rows = st.lists(one, min_size=1, max_size=2).map(
        lambda made: node("table_row", *made)
    )
    return st.lists(rows, min_size=1, max_size=2).map(lambda made: node("table", *made))


block = st.recursive(
    paragraphs | headings,
    lambda inner: st.one_of(
        lists_of(inner).map(lambda content: node("blockquote", *content)),
        lists_of(inner).map(
            lambda content: node("bullet_list", node("list_item", *content))
        ),
        tables_of(inner),
    ),
    max_leaves=5,
)
texts = st.lists(st.lists(block, min_size=1, max_size=3), min_size=1, max_size=3)


@given(texts)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_frozen_can_be_printed_as_far_as_bounds_go(
    session, monkeypatch, sections
):
    with monkeypatch.context() as smaller, db.session.begin_nested() as undone:
        for size, most in SMALL.items():
            smaller.setitem(MOST, size, most)
        report = arranging.create_report(person("olivia"), "A Practical Agenda")
        for blocks in sections:
            section = arranging.add_section(
                report,
                person("olivia"),
                kind=SectionKind.CHAPTER,
                title="Alpha",
                blocks=blocks,
            )
            try:
                with db.session.begin_nested():
                    flow.freeze(section, person("olivia"))
            except TooMuchError:
                assert section.state is SectionState.DRAFT
        document = assembled(report)
        frozen = tuple(one for one in document.sections if one.version)
        bounds.check(dataclasses.replace(document, sections=frozen))
        undone.rollback()
