"""A version's title and words stand in columns, so that lists and search load no text."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import undefer

from tests.deciding.building import a_ballot, a_section, a_version, person
from tests.drafting.blocks import node, paragraph
from workgroup.deciding import queries as ballots
from workgroup.drafting import queries
from workgroup.drafting.canonical import UnknownFormatError, read_form
from workgroup.drafting.models import Section, Version


def test_title_and_words_follow_the_canonical_form():
    version = Version(
        canonical={
            "title": "共通の警報",
            "kind": "chapter",
            "blocks": [
                node("heading", "Early warning", level=2),
                paragraph("한국은 ", node("footnote", text="Not counted."), "알린다."),
            ],
        }
    )

    assert (version.format, version.title) == (1, "共通の警報")
    assert version.text == "Early warning\n한국은 알린다."


@pytest.mark.both_databases
def test_a_search_of_the_words_needs_no_canonical_form(session):
    version = a_version(a_section())
    session.commit()

    found = session.execute(
        text("SELECT id, title FROM versions WHERE text LIKE '%governments meet%'")
    ).all()

    assert [tuple(row) for row in found] == [(version.id, version.title)]


def test_no_list_loads_a_text(session):
    ballot = a_ballot()
    section_id = ballot.section_id
    report_id = session.get_one(Section, section_id).report_id
    session.commit()
    session.expunge_all()

    lists = [
        lambda: queries.latest_version(section_id),
        lambda: queries.version_history(section_id)[0],
        lambda: queries.newest_versions(report_id)[section_id],
        lambda: ballots.open_ballots(person("hana"))[0].ballot.version,
        lambda: ballots.find_open_ballot(section_id).version,
    ]

    for newest in lists:
        version = newest()
        assert version.title == "Women’s empowerment"
        for name in ("canonical", "text"):
            with pytest.raises(InvalidRequestError, match="not available"):
                getattr(version, name)
        session.expunge_all()


def test_a_text_is_loaded_where_it_is_asked_for(session):
    section_id = a_version(a_section()).section_id
    session.commit()
    session.expunge_all()

    version = queries.latest_version(section_id, undefer(Version.canonical))

    assert version.form["blocks"][0]["type"] == "paragraph"


def test_what_an_old_form_leaves_out_gets_its_default():
    old = {"kind": "chapter", "title": "Energy", "blocks": []}

    assert read_form(old, 1) == old | {"addressees": "", "horizon": ""}


def test_a_form_of_a_later_program_is_not_half_read():
    with pytest.raises(UnknownFormatError):
        read_form({"title": "Energy"}, 2)
