"""The session ends while somebody writes beside the text: no word is lost, and none goes out under another name."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests import cast
from tests.browsing import SELECT
from tests.editor.desk import REST, TEXT
from tests.waiting import until
from workgroup.accounts.models import User
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.discussion import services as discussion
from workgroup.discussion.models import Comment, Thread
from workgroup.discussion.quotations import Quotation
from workgroup.drafting.models import Section

pytestmark = pytest.mark.browser

WORDS = "A reply that took half an hour."
WHO = """fetch(document.querySelector("[data-who]").dataset.who)
    .then((one) => one.status === 204 ? "" : one.json().then(({person}) => String(person)))"""
SOMEONE_ELSE = "Someone else is now signed in here"


def comments(draft):
    """Return who wrote which comment of the section."""
    wanted = (
        select(User.email, Comment.body)
        .join(Membership, Membership.user_id == User.id)
        .join(Comment, Comment.author_id == Membership.id)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Thread.section_id == draft.section_id)
    )
    with draft.app.app_context():
        return {
            (email.partition("@")[0], body)
            for email, body in db.session.execute(wanted)
        }


def sign_in_as(desk, name):
    """Let the browser be somebody's, as after signing in on another tab.

    The answer to a request that was under way may bring the earlier person's cookie back.
    """

    def is_so():
        desk.context.clear_cookies()
        if name:
            desk.context.add_cookies([desk.draft.cookie(name)])
        desk.page.wait_for_timeout(REST)
        return desk.page.evaluate(WHO) == expected

    with desk.draft.app.app_context():
        expected = str(cast.user_id(name)) if name else ""
    until(is_so)


@pytest.fixture
def thread(draft):
    with draft.app.app_context():
        section = db.session.get(Section, draft.section_id)
        discussion.open_thread(
            section, cast.person("amy"), "Why?", Quotation("", "", "")
        )
        db.session.commit()


@pytest.fixture
def reply(thread, sit_down):
    """Hana's page with a reply that she has written."""
    hana = sit_down("hana")
    hana.state("saved")
    hana.page.locator("details.reply summary").click()
    hana.page.locator("details.reply textarea").fill(WORDS)
    yield hana
    refused = "Response Status Error Code 40"
    hana.faults = [one for one in hana.faults if not one.startswith(refused)]


def send(desk):
    desk.page.locator("details.reply button[type=submit]").click()


def test_a_reply_goes_out_after_signing_in_again_on_another_tab(reply, draft):
    sign_in_as(reply, None)
    send(reply)
    expect(reply.page.locator("#session-ended")).to_be_visible()
    expect(reply.page.locator("#request-failed")).to_be_hidden()
    expect(reply.page.locator("details.reply textarea")).to_have_value(WORDS)

    sign_in_as(reply, "hana")
    send(reply)

    until(lambda: ("hana", WORDS) in comments(draft))
    expect(reply.page.locator("#session-ended")).to_be_hidden()


def test_a_reply_is_not_sent_under_the_name_of_who_signed_in_since(reply, draft):
    sign_in_as(reply, "amy")
    send(reply)
    expect(reply.page.locator("#someone-else")).to_contain_text(SOMEONE_ELSE)
    expect(reply.page.locator("details.reply textarea")).to_have_value(WORDS)

    sign_in_as(reply, "hana")
    send(reply)

    until(lambda: ("hana", WORDS) in comments(draft))
    assert ("amy", WORDS) not in comments(draft)


def test_a_comment_on_words_waits_for_its_author(sit_down, draft):
    hana = sit_down("hana")
    hana.state("saved")
    hana.page.locator(TEXT).evaluate(SELECT, "eleven")
    hana.page.wait_for_timeout(REST)
    hana.command("comment")
    hana.page.locator("#composer-words").fill(WORDS)
    error = hana.page.locator("#composer [role=alert]")
    button = hana.page.locator("#composer button[type=submit]")

    for who, sentence in ((None, "Your session ended"), ("amy", SOMEONE_ELSE)):
        sign_in_as(hana, who)
        button.click()
        expect(error).to_contain_text(sentence)
    assert comments(draft) == set()

    sign_in_as(hana, "hana")
    button.click()

    until(lambda: comments(draft) == {("hana", WORDS)})
