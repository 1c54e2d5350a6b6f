"""The page of one section: who gets the editor, who reads, what surrounds the text."""

import html
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from app import PROBE
from tests import cast
from tests.cast import person
from tests.drafting.conftest import write_report
from workgroup import clock
from workgroup.acts.models import AuditRecord
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.deciding import services as deciding
from workgroup.deciding.rules import PRESETS, Position, Preset
from workgroup.discussion.models import Comment, Thread
from workgroup.drafting import arranging, moves
from workgroup.drafting.models import Section
from workgroup.drafting.states import SectionKind
from workgroup.lifecycle import flow
from workgroup.lifecycle.editor_words import editor_words
from workgroup.textlog import schema
from workgroup.textlog import services as textlog

ROOT = Path(__file__).parents[2]


def address(section_id):
    return f"/c/{cast.SLUG}/sections/{section_id}/"


def change(app, section_id, act):
    """Do something to a section as the organizer."""
    with app.app_context():
        act(db.session.get(Section, section_id), person("olivia"))
        db.session.commit()


def open_ballot(section, olivia):
    closes = clock.now() + timedelta(days=3)
    ballot = flow.put_to_vote(section, olivia, PRESETS[Preset.MAJORITY], closes)
    deciding.cast_vote(ballot, person("amy"), Position.OBJECT, "Too early.")


def workspace_data(page):
    tag = re.search(r'<div class="ws"\s+id="workspace"[^>]*>', page)[0]
    return {
        name: html.unescape(value)
        for name, value in re.findall(r'data-([a-z-]+)="([^"]*)"', tag)
    }


@pytest.mark.parametrize("name", ["olivia", "amy"])
def test_people_who_may_write_get_the_editor(as_, stored, name):
    page = as_(name).get(address(stored[0])).text

    given = workspace_data(page)
    assert given["live"] == f"{address(stored[0])}live"
    assert given["schema"] == str(schema.VERSION)
    assert (given["may-edit"], given["frozen"]) == ("true", "false")
    assert 'id="toolbar"' in page
    assert 'id="editor-words"' in page
    assert 'editor/editor.js"' in page


@pytest.mark.parametrize("name", ["paul", "oscar"])
def test_readers_get_the_text_and_neither_editor_nor_live_data(as_, stored, name):
    page = as_(name).get(address(stored[0])).text

    assert "First words." in page
    assert workspace_data(page) == {}
    assert "editor.js" not in page
    assert 'id="toolbar"' not in page


def test_the_editor_of_a_frozen_text_starts_frozen(app, as_, stored):
    change(app, stored[0], moves.freeze)

    page = as_("amy").get(address(stored[0])).text

    assert workspace_data(page)["frozen"] == "true"
    assert f"{address(stored[0])}versions/1" in page


def test_the_outline_names_every_section_with_number_and_state(app, as_, stored):
    change(app, stored[1], moves.freeze)

    page = as_("oscar").get(address(stored[0])).text

    outline = page[
        page.index('id="outline"') : page.index("</nav>", page.index('id="outline"'))
    ]
    assert re.findall(r'<span class="n">(.*?)</span>', outline) == ["1", "R1", "A"]
    assert re.findall(r'class="st (\w+)"\s+title="(\w+)"', outline) == [
        ("draft", "Draft"),
        ("frozen", "Frozen"),
        ("draft", "Draft"),
    ]
    assert outline.count('aria-current="page"') == 1


def test_why_a_section_was_reopened_shows_above_it(app, as_, stored):
    change(app, stored[0], moves.freeze)
    change(
        app,
        stored[0],
        lambda section, by: moves.reopen(section, by, "The <year> is wrong."),
    )

    assert (
        "Reopened: The &lt;year&gt; is wrong."
        in as_("hana").get(address(stored[0])).text
    )


def test_a_text_that_cannot_be_read_does_not_break_the_page(app, as_, stored):
    def break_it(section, by):
        stream = db.session.get(textlog.Stream, section.stream_id)
        entry = textlog.Entry(5, 1, b"\xff\xff no update")
        textlog.append(
            [textlog.Batch(stream.id, stream.epoch, [entry], {5: by.user_id})]
        )

    change(app, stored[0], break_it)

    answer = as_("oscar").get(address(stored[0]))

    assert answer.status_code == 200
    assert "This text can’t be read right now. Nothing is lost." in answer.text


def test_those_who_may_write_see_that_changes_were_set_aside(
    app, as_, stored, monkeypatch
):
    monkeypatch.setattr(PROBE, "read", {})  # what other tests had it read

    def append_what_breaks_a_reader(section, by):
        stream = db.session.get(textlog.Stream, section.stream_id)
        entry = textlog.Entry(5, 1, b"\xff\xff no update")
        textlog.append(
            [textlog.Batch(stream.id, stream.epoch, [entry], {5: by.user_id})]
        )

    change(app, stored[0], append_what_breaks_a_reader)
    assert "could not be read and" not in as_("amy").get(address(stored[0])).text

    with app.app_context():
        PROBE.run()

    for name, sees_it in [("olivia", True), ("amy", True), ("oscar", False)]:
        assert (
            "could not be read and" in as_(name).get(address(stored[0])).text
        ) is sees_it
    assert "could not be read and" not in as_("amy").get(address(stored[1])).text
    with app.app_context():
        [record] = db.session.query(AuditRecord).filter_by(action="stream.set-aside")
        assert record.cohort_id == person("amy").cohort_id
    assert "One change to this section" in as_("amy").get(address(stored[0])).text


def test_the_vote_bar_shows_who_has_voted_and_not_how(app, as_, stored):
    change(app, stored[0], open_ballot)

    pages = {
        name: as_(name).get(address(stored[0])).text
        for name in ("amy", "hana", "oscar")
    }

    for page in pages.values():
        assert "Adopt version 1?" in page
        assert page.count("1 of 1 voted") == 1
        assert page.count("0 of 1 voted") == 2
        assert "Object" not in page
        assert "Too early." not in page
    assert "See or change my vote" in pages["amy"]
    assert "See or change my vote" not in pages["hana"]
    assert "See the ballot" in pages["oscar"]


@pytest.mark.parametrize(
    ("acts", "offered"),
    [
        ([], {"freeze", "open"}),
        ([moves.freeze], {"open", "reopen"}),
        ([open_ballot], {"reopen"}),
    ],
    ids=["draft", "frozen", "in ballot"],
)
def test_the_organizer_is_offered_the_moves_of_the_state(
    app, as_, stored, acts, offered
):
    for act in acts:
        change(app, stored[0], act)

    pages = {name: as_(name).get(address(stored[0])).text for name in ("olivia", "amy")}

    found = {
        move
        for move in ("freeze", "open", "reopen")
        if f'"{address(stored[0])}{move}"' in pages["olivia"]
    }
    assert found == offered
    assert not any(
        f'"{address(stored[0])}{move}"' in pages["amy"]
        for move in ("freeze", "open", "reopen")
    )


def test_an_open_page_gets_the_title_and_what_stands_below_it(app, as_, stored):
    facts = {"addressees": "The three governments", "horizon": "2030"}

    def rename(section, olivia):
        subgroup, kind = person("hana").subgroup_id, SectionKind.RECOMMENDATION
        arranging.change_section(
            section, olivia, kind=kind, title="Wind", subgroup_id=subgroup, **facts
        )

    change(app, stored[0], rename)
    changed = as_("amy").get(f"{address(stored[0])}standing").text

    assert 'id="section-title" hx-swap-oob="true">Wind</h1>' in changed
    [shown] = re.findall(r'id="section-facts" hx-swap-oob="true">(.*?)</div>', changed, re.DOTALL)  # fmt: skip
    assert [one for one in (*facts.values(), "Domestic") if one not in shown] == []


def test_a_former_member_may_no_longer_vote(app, as_, stored):
    change(app, stored[0], open_ballot)
    with app.app_context():
        member = db.session.get(Membership, person("hana").id)
        member.ended_at = clock.now()
        db.session.commit()

    assert as_("hana").get(address(stored[0])).status_code == 404


def discuss(section_id, author, *, threads, comments):
    """Write open threads on words that the text has, each with this many comments."""
    now = clock.now()
    for _ in range(threads):
        written = [
            Comment(author_id=author.id, body="Why?", at=now) for _ in range(comments)
        ]
        thread = Thread(
            section_id=section_id, quote="First", created_at=now, comments=written
        )
        db.session.add(thread)


def test_the_workspace_asks_the_database_the_same_for_any_number_of_sections_and_comments(
    app, as_, counted_queries
):
    with app.app_context():
        sections = write_report(*[SectionKind.RECOMMENDATION] * 50)
        first, last = sections[0].id, sections[-1].id
        open_ballot(sections[0], person("olivia"))
        for section_id in (first, last):
            discuss(section_id, person("amy"), threads=10, comments=50)
        db.session.commit()
    amy = as_("amy")
    amy.get(address(last))  # its text is read in a child once

    with counted_queries() as draft:
        amy.get(address(last))
    with counted_queries() as in_ballot:
        amy.get(address(first))

    # who is signed in, membership, section, its report's sections, their versions,
    # the log's state, whether any of it was set aside, the open threads, the number of
    # threads, the newest, what is said at the ends of each, the count of notices
    assert len(draft) == 12, draft
    # likewise with the version's text, and the ballot, its electors, who has voted
    assert len(in_ballot) == 15, in_ballot


def test_the_words_that_people_discuss_are_highlighted_in_frozen_text(app, as_, stored):
    def discuss_and_freeze(section, olivia):
        discuss(section.id, olivia, threads=1, comments=2)
        moves.freeze(section, olivia)

    change(app, stored[0], discuss_and_freeze)

    page = as_("oscar").get(address(stored[0])).text

    assert re.search(
        r'<span class="cm" data-passage="[\w-]{22}">First</span> words.', page
    )
    assert page.count("Why?") == 2


def test_the_words_of_the_editor_are_all_given(app):
    expected = json.loads((ROOT / "frontend" / "words.json").read_text())

    with app.test_request_context():
        assert editor_words() == expected
