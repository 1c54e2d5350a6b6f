"""Threads on words: made, followed in both directions, kept when the words go."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from tests import cast
from tests.editor.desk import BLOCKS, TEXT, Draft
from workgroup.cohorts.attribution import Mode
from workgroup.cohorts.models import Cohort
from workgroup.database import db

pytestmark = pytest.mark.browser


def select_eleven(desk, place=0):
    """Select the word “eleven”."""
    desk.go_to(place, "Home")
    desk.press(*["ArrowRight"] * 11, *["Shift+ArrowRight"] * 6)


def comment(desk, words):
    desk.press("Control+Alt+m")
    desk.type(words)
    desk.press("Control+Enter")


def test_a_comment_marks_its_words_for_everybody(sit_down):
    amy, hana = sit_down("amy"), sit_down("hana")
    select_eleven(amy)
    amy.press("Control+Alt+m")
    hana.go_to(0, "Home")
    hana.type("Indeed ")
    amy.reads("Indeed There")

    amy.type("Is this the right number?")
    amy.press("Control+Enter")

    expect(hana.page.locator(f"{TEXT} [data-comment]")).to_have_text("eleven")
    expect(amy.page.locator(".composer")).to_have_count(0)
    amy.page.reload()
    passage = amy.page.locator(f"{TEXT} .cm")
    expect(passage).to_have_text("eleven")
    passage.click()
    expect(amy.page.locator("[data-thread].on")).to_contain_text("right number")
    expect(amy.page.locator(f"{TEXT} .cm.on")).to_have_text("eleven")


def test_a_comment_that_is_too_long_stays_whole_in_its_box(sit_down):
    amy = sit_down("amy")
    select_eleven(amy)

    amy.press("Control+Alt+m")
    amy.page.keyboard.insert_text("a" * 5001)
    amy.press("Control+Enter")

    box = amy.page.locator(".composer")
    expect(box).to_contain_text("Use at most 5,000 characters. You have used 5,001.")
    expect(box.locator("textarea")).to_have_value("a" * 5001)


def test_a_press_on_a_button_of_a_card_is_not_lost_as_the_page_scrolls_to_its_words(
    sit_down, site
):
    far = [BLOCKS[2]] * 30
    draft = Draft(site, blocks=(*far, BLOCKS[1], *far))
    with draft.app.app_context():
        # A line above the page: as the page scrolls it goes, and what is beside the text moves up.
        db.session.execute(update(Cohort).values(notice="This is a rehearsal."))
        db.session.commit()
    amy = sit_down("amy", draft)
    select_eleven(amy, 30)
    comment(amy, "Who counted them?")
    expect(amy.page.locator(f"{TEXT} [data-comment]")).to_have_count(1)
    amy.page.reload()
    passage = amy.page.locator(f"{TEXT} .cm")
    expect(passage).to_have_count(1)
    amy.page.evaluate("scrollTo(0, 0)")
    expect(passage).not_to_be_in_viewport()

    amy.page.locator("[data-thread] .reply summary").click()

    expect(amy.page.locator("[data-thread] .reply textarea")).to_be_visible()
    expect(passage).to_be_in_viewport()
    with draft.app.app_context():
        db.session.execute(update(Cohort).values(notice=""))
        db.session.commit()


def test_a_thread_outlives_its_words_and_a_copy_takes_no_thread_along(sit_down):
    amy = sit_down("amy")
    select_eleven(amy)
    comment(amy, "Who counted them?")
    expect(amy.page.locator(f"{TEXT} [data-comment]")).to_have_count(1)
    amy.page.reload()
    card = amy.page.locator("[data-thread]", has_text="Who counted them?")
    expect(amy.page.locator(f"{TEXT} .cm")).to_have_count(1)

    select_eleven(amy)
    amy.press("Control+c", "End")
    amy.press("Control+v")
    expect(amy.page.locator(f"{TEXT} [data-comment]")).to_have_count(1)
    select_eleven(amy)
    amy.press("Backspace")

    expect(card).to_have_class(re.compile("gone"))
    amy.press("Control+z")
    expect(card).not_to_have_class(re.compile("gone"))


def test_a_comment_needs_words_and_keeps_what_was_typed_when_offline(sit_down):
    amy = sit_down("amy")
    amy.go_to()
    amy.press("Control+Alt+m")
    expect(amy.page.locator('[data-notice="comment.select"]')).to_be_visible()
    select_eleven(amy)
    amy.context.set_offline(True)

    comment(amy, "Kept while offline")

    expect(amy.page.locator(".composer [role=alert]")).to_contain_text("no connection")
    expect(amy.page.locator(".composer textarea")).to_have_value("Kept while offline")
    amy.context.set_offline(False)
    amy.state("saved")
    amy.page.locator(".composer textarea").focus()
    amy.press("Control+Enter")
    expect(amy.page.locator(f"{TEXT} [data-comment]")).to_have_text("eleven")


def test_a_comment_that_names_would_sign_unasked_is_kept_until_its_author_agrees(
    sit_down, draft, comments_without_names
):
    amy = sit_down("amy")
    select_eleven(amy)
    amy.press("Control+Alt+m")
    amy.type("Who counted them?")
    comments_without_names(Mode.NAMED)
    amy.press("Control+Enter")

    alert = amy.page.locator(".composer [role=alert]")
    expect(alert).to_contain_text("now shows more of your name")
    expect(amy.page.locator(".composer textarea")).to_have_value("Who counted them?")
    expect(amy.page.locator(f"{TEXT} [data-comment]")).to_have_count(0)
    amy.press("Control+Enter")
    expect(amy.page.locator(f"{TEXT} [data-comment]")).to_have_text("eleven")


def test_a_comment_without_a_name_leaves_no_trace_of_its_author_in_the_text(
    sit_down, draft, comments_without_names
):
    amy, hana = sit_down("amy"), sit_down("hana")
    before = draft.rows()
    select_eleven(amy)
    comment(amy, "Who counted them?")

    card = "[data-thread]"
    expect(amy.page.locator(".composer")).to_have_count(0)
    expect(hana.page.locator(card)).to_contain_text("Who counted them?")
    for desk in (amy, hana):
        expect(desk.page.locator(f"{TEXT} .cm")).to_have_text("eleven")
        expect(desk.page.locator(f"{TEXT} [data-comment]")).to_have_count(0)
    assert draft.rows() == before

    select_eleven(hana)
    hana.press("Backspace")
    expect(hana.page.locator(card)).to_have_class(re.compile("gone"))
    hana.press("Control+z")
    expect(hana.page.locator(card)).not_to_have_class(re.compile("gone"))


@pytest.fixture
def comments_without_names(draft):
    """Let comments name nobody; return a way to change that without the pages' knowledge."""

    def let(mode):
        with draft.app.app_context():
            names = update(Cohort).where(Cohort.slug == cast.SLUG)
            db.session.execute(names.values(names_comments=mode))
            db.session.commit()

    let(Mode.NONE)
    yield let
    let(Mode.NAMED)
