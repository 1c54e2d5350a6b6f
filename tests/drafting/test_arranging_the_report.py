"""The organizer's order of sections stays dense; what was voted on stays as it was."""

import pytest
from sqlalchemy import select

from tests.cast import person
from tests.drafting.conftest import write_report
from workgroup import clock
from workgroup.acts.models import AuditRecord
from workgroup.discussion.models import Thread
from workgroup.drafting import arranging, moves, queries
from workgroup.drafting.states import SectionKind

CHAPTER, RECOMMENDATION = SectionKind.CHAPTER, SectionKind.RECOMMENDATION


def order(report_id):
    return [
        (place.section.position, place.section.title, place.number)
        for place in queries.outline(report_id)
    ]


def test_a_cohort_has_one_report(session, olivia):
    arranging.create_report(olivia, "First")

    with pytest.raises(arranging.ReportExistsError, match="already has a report"):
        arranging.create_report(olivia, "Second")


def test_sections_are_added_at_the_end_without_holes(session, olivia):
    report = arranging.create_report(olivia, "A Practical Agenda")

    for title in ("Japan", "Korea", "Together"):
        arranging.add_section(report, olivia, kind=CHAPTER, title=title)
    session.commit()

    assert order(report.id) == [
        (1, "Japan", "1"),
        (2, "Korea", "2"),
        (3, "Together", "3"),
    ]


def test_who_began_the_report_is_in_the_log(session, olivia):
    report = arranging.create_report(olivia, "A Practical Agenda")
    session.commit()

    [record] = session.scalars(select(AuditRecord).filter_by(action="report.created"))
    assert record.subject == f"report:{report.id}"
    assert record.actor == f"person:{olivia.user_id}"


@pytest.mark.parametrize(
    ("moved", "places", "expected"),
    [
        (2, -1, [1, 3, 2]),
        (0, 1, [2, 1, 3]),
        (0, -1, [1, 2, 3]),
        (2, 1, [1, 2, 3]),
    ],
)
def test_sections_move_and_their_order_stays_dense(
    session, olivia, moved, places, expected
):
    sections = write_report(CHAPTER, RECOMMENDATION, RECOMMENDATION)
    titles = [section.title for section in sections]

    assert arranging.shift_section(sections[moved], olivia, places, seen=moved + 1)
    session.commit()

    found = order(sections[0].report_id)
    assert [position for position, *_ in found] == [1, 2, 3]
    assert [titles.index(title) + 1 for _, title, _ in found] == expected


def test_a_removed_section_leaves_no_hole(session, olivia):
    first, second, third = write_report(RECOMMENDATION, RECOMMENDATION, RECOMMENDATION)
    stream = second.stream

    arranging.remove_section(second, olivia)
    session.commit()

    assert order(first.report_id) == [(1, first.title, "1"), (2, third.title, "2")]
    assert stream.frozen_at is not None


def test_a_section_that_was_frozen_stays(session, section, olivia):
    moves.freeze(section, olivia)
    moves.reopen(section, olivia, "Wording.")

    with pytest.raises(arranging.KeptError, match="part of the record"):
        arranging.remove_section(section, olivia)


@pytest.mark.both_databases
def test_a_section_that_people_discussed_stays(session, section, olivia):
    session.add(Thread(section_id=section.id, created_at=clock.now()))
    session.commit()

    with pytest.raises(arranging.KeptError, match="has been discussed"):
        arranging.remove_section(section, olivia)


def fields(section, **changes):
    names = ("kind", "title", "subgroup_id", "addressees", "horizon")
    return {name: getattr(section, name) for name in names} | changes


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Other"},
        {"kind": CHAPTER},
        {"addressees": "Parliaments"},
        {"horizon": "2030"},
    ],
    ids=str,
)
def test_what_the_hash_covers_changes_in_a_draft_only(session, section, olivia, change):
    arranging.change_section(section, olivia, **fields(section, **change))
    moves.freeze(section, olivia)
    session.commit()

    with pytest.raises(arranging.HashedError, match="Reopen the section"):
        arranging.change_section(section, olivia, **fields(section, title="Again"))


def test_the_subgroup_may_change_at_any_time(session, section, olivia):
    moves.freeze(section, olivia)
    subgroup = person("hana").subgroup_id

    arranging.change_section(section, olivia, **fields(section, subgroup_id=subgroup))

    assert section.subgroup_id == subgroup
