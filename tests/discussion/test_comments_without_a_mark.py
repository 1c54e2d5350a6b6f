"""A comment is no mark in the text where that would name its author, or link what nobody may link."""

import pytest
from sqlalchemy import select

from tests import cast
from tests.deciding.building import person
from workgroup.cohorts.attribution import Mode, Surface, can_mark
from workgroup.database import db
from workgroup.discussion import anchors
from workgroup.discussion.models import Thread
from workgroup.drafting import moves
from workgroup.drafting import queries as drafting
from workgroup.drafting.labels import rendered_labels
from workgroup.drafting.models import Section
from workgroup.lifecycle import desk

NAMED, DELEGATION, NONE = Mode
PASSAGE = {
    "body": "Why five?",
    "quote": "five days",
    "prefix": "within ",
    "suffix": ".",
}


def name_people(app, **modes):
    with app.app_context():
        for surface, mode in modes.items():
            setattr(person("olivia").cohort, f"names_{surface}", mode)
        db.session.commit()


@pytest.fixture
def comment(as_, stored):
    """Comment on words as Hana's editor does; return the answer."""

    def send():
        address = f"/c/{cast.SLUG}/sections/{stored}/threads"
        editor = {"X-Requested-With": "fetch"}
        return as_("hana").post(address, data=PASSAGE, headers=editor)

    return send


@pytest.mark.parametrize(
    ("live", "comments", "marked"),
    [
        (NAMED, NAMED, True),
        (NAMED, DELEGATION, False),
        (NAMED, NONE, False),
        (DELEGATION, NAMED, False),
        (DELEGATION, DELEGATION, False),
        (NONE, NAMED, False),
        (NONE, NONE, False),
    ],
)
def test_a_mark_needs_names_beside_comments_and_beside_words(live, comments, marked):
    others = dict.fromkeys((Surface.HISTORY, Surface.VOTES, Surface.PRINT), NONE)

    assert (
        can_mark({**others, Surface.LIVE: live, Surface.COMMENTS: comments}) is marked
    )


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "modes", [{}, {"comments": NONE}, {"live": DELEGATION}], ids=str
)
def test_the_editor_is_asked_for_a_mark_only_where_both_are_named(app, comment, modes):
    name_people(app, **modes)

    assert comment().json["marked"] is not bool(modes)


def test_readers_find_its_words_by_the_quotation(app, comment, stored):
    name_people(app, comments=NONE)
    comment()

    with app.app_context():
        oscar = person("oscar")
        section = drafting.find_section(oscar.cohort_id, stored)
        thread = db.session.scalars(select(Thread)).one()
        page = desk.lay_out(section, oscar, rendered_labels())
        assert f'data-passage="{thread.public_id}"' in str(page.text)
        assert anchors.anchor(thread) == "quote"
        assert anchors.lost(section, [thread]) == set()


def test_a_thread_on_frozen_words_has_no_mark_either(app, comment, stored):
    with app.app_context():
        moves.freeze(db.session.get_one(Section, stored), person("olivia"))
        db.session.commit()

    assert comment().json["marked"] is False


def test_a_thread_keeps_its_mark_after_a_change_to_fewer_names(app, comment):
    comment()
    name_people(app, comments=NONE)

    with app.app_context():
        thread = db.session.scalars(select(Thread)).one()
        assert anchors.anchor(thread) == "mark"
