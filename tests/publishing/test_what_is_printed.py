"""From sections, ballots and people to the Document: what is in it and what is not."""

import json

import pytest

from exports.document import Document, Kind, Status
from tests.deciding.building import person
from tests.drafting.blocks import paragraph
from tests.publishing.building import (
    ALL_FOR,
    ONE_BLOCKS,
    assembled,
    begin_report,
    decide,
    decided_report,
    put_to_vote,
    write,
)
from workgroup.drafting import moves as drafting
from workgroup.drafting.states import SectionKind


def words(section):
    return json.dumps(section.blocks, ensure_ascii=False)


def test_an_adopted_section_is_printed_as_it_was_voted_on(session):
    report = begin_report()
    fields = {"addressees": "The three governments", "horizon": "Within a year"}
    section = write(
        report,
        SectionKind.RECOMMENDATION,
        "Share the view",
        paragraph("한미일 協力", lang="ko"),
        **fields,
    )
    decide(section)

    [printed] = assembled(report).sections

    assert printed.kind is Kind.RECOMMENDATION
    assert (printed.number, printed.title) == ("1", "Share the view")
    assert (printed.addressees, printed.horizon) == tuple(fields.values())
    assert printed.version.number == 1
    assert len(printed.version.short_hash) == 8
    assert printed.is_decided
    assert "한미일 協力" in words(printed)


def test_an_undecided_section_is_printed_as_it_stands_with_its_state(session):
    report = begin_report()
    write(report, SectionKind.FRONT, "Summary")
    frozen = write(report, SectionKind.CHAPTER, "Frozen")
    drafting.freeze(frozen, person("olivia"))
    put_to_vote(write(report, SectionKind.CHAPTER, "Asked"), ALL_FOR)

    document = assembled(report)

    states = [section.state.label for section in document.sections]
    assert states == ["Draft", "Frozen", "In ballot"]
    assert [section.version is None for section in document.sections] == [
        True,
        False,
        False,
    ]
    assert "The words of Summary." in words(document.sections[0])
    assert document.status is Status.DRAFT


def test_the_first_front_matter_is_the_summary(session):
    report = begin_report()
    for title in ("Summary", "Foreword"):
        write(report, SectionKind.FRONT, title)

    assert [section.summary for section in assembled(report).sections] == [True, False]


def test_a_rejected_section_is_left_out_and_listed_in_the_record(session):
    report = begin_report()
    decide(write(report, SectionKind.RECOMMENDATION, "Kept"))
    decide(write(report, SectionKind.RECOMMENDATION, "Lost"), ONE_BLOCKS)

    document = assembled(report)

    assert [section.title for section in document.sections] == ["Kept"]
    kept, lost = document.decisions
    assert (kept.title, kept.outcome, kept.is_adopted) == ("Kept", "Adopted", True)
    assert (lost.label, lost.title) == ("Recommendation 2", "Lost")
    assert not lost.is_adopted
    assert lost.outcome == "Rejected; left out of the report"
    assert document.status is Status.FINAL


def test_the_record_counts_by_delegation_and_writes_the_rule_in_words(session):
    report = begin_report()
    decide(write(report, SectionKind.CHAPTER, "Asked"), ONE_BLOCKS[:2])

    [decision] = assembled(report).decisions

    counted = [
        (each.delegation, each.votes_for, each.against, each.abstained, each.not_voted)
        for each in decision.counts
    ]
    assert counted == [
        ("United States", 1, 0, 0, 0),
        ("Japan", 0, 0, 1, 0),
        ("Republic of Korea", 0, 0, 0, 1),
    ]
    assert "two-thirds" in decision.rule
    assert decision.outcome == "No quorum; left out of the report"


def test_a_second_ballot_stands_after_the_first(session):
    report = begin_report()
    section = write(report, SectionKind.CHAPTER, "Twice")
    decide(section, ONE_BLOCKS)
    drafting.reopen(section, person("olivia"), "Wording.")
    decide(section)

    document = assembled(report)

    outcomes = [(each.version.number, each.outcome) for each in document.decisions]
    assert outcomes == [(1, "Rejected"), (2, "Adopted")]
    assert document.sections[0].version.number == 2


def test_an_open_ballot_is_not_in_the_record(session):
    report = begin_report()
    put_to_vote(write(report, SectionKind.CHAPTER, "Asked"), ALL_FOR)

    assert assembled(report).decisions == ()


def test_members_are_printed_by_delegation_and_nobody_else(session):
    report = begin_report()
    person("hana").user.affiliation = "Nishihara University"

    document = assembled(report)

    assert [each.name for each in document.delegations] == [
        "United States",
        "Japan",
        "Republic of Korea",
    ]
    [hana] = document.delegations[1].members
    assert (hana.name, hana.native_name.text, hana.native_name.lang) == (
        "Hana Hoshino",
        "星野 花",
        "ja",
    )
    assert hana.affiliation == "Nishihara University"


def test_no_address_is_printed_in_place_of_a_name(session):
    report = begin_report()
    person("amy").user.printed_name = ""

    assert "@" not in json.dumps(assembled(report).to_json())


def test_the_imprint_leaves_out_what_is_not_given(session):
    report = begin_report(convener="The Committee", disclaimer="No government's view.")
    write(report, SectionKind.FRONT, "Summary")

    document = assembled(report)

    assert [(line.label, line.text) for line in document.imprint] == [
        ("Convened by", "The Committee"),
        ("Disclaimer", "No government's view."),
    ]
    assert "individual authors" in document.opinions_notice
    assert Document.from_json(json.loads(json.dumps(document.to_json()))) == document


@pytest.mark.parametrize("sections", [2, 9])
def test_gathering_takes_the_same_queries_however_long_the_report(
    app, counted_queries, sections
):
    with app.app_context():
        report = decided_report(sections)
        report.id  # noqa: B018 - loaded before the count

        with counted_queries() as seen:
            assembled(report)

    # the cohort, the report; sections with streams; versions with texts;
    # ballots, their votes, their electors with people; the members
    assert len(seen) <= 8


def test_of_two_rejections_only_the_last_says_that_the_section_is_left_out(session):
    report = begin_report()
    section = write(report, SectionKind.RECOMMENDATION, "Share the view")
    decide(section, ONE_BLOCKS)
    drafting.reopen(section, person("olivia"), "Another try.")
    decide(section, ONE_BLOCKS)

    outcomes = [decision.outcome for decision in assembled(report).decisions]

    assert ["left out of the report" in outcome for outcome in outcomes] == [
        False,
        True,
    ]
