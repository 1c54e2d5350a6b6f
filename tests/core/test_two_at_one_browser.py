"""Two people use one browser: what one of them left open never acts under the name of the other."""

import html
import re

import pytest
from sqlalchemy import select, update

from tests import cast
from tests.core.test_coming_back import REASON, SIGN_IN, form_of
from tests.core.test_pages_left_open import credentials, hidden
from workgroup import clock
from workgroup.accounts.models import SignIn
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.deciding.models import Elector, Vote

HOME = f"/c/{cast.SLUG}"
SOMEONE_ELSE = "Someone else filled in this form here before you signed in."
VOTE = {"position": "object", "reason": REASON}


@pytest.fixture
def browser(app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", 1)
    return app.test_client()


def sign_in(browser, name):
    page = browser.get(SIGN_IN).text
    assert browser.post(SIGN_IN, data=hidden(page) | credentials(name)).location == "/"


def end_sign_ins(app):
    """Let twelve hours pass for them, while the cookie was renewed a moment ago."""
    with app.app_context():
        of_pages = SignIn.began_at != cast.NEVER_OLD
        db.session.execute(update(SignIn).where(of_pages).values(ended_at=clock.now()))
        db.session.commit()


def sign_out(app, browser):
    page = browser.get("/account/profile").text
    token = hidden(page)["csrf_token"]
    browser.post("/account/sign-out", data={"csrf_token": token})


def voters(app):
    with app.app_context():
        who = select(Membership.user_id).join(
            Elector, Elector.membership_id == Membership.id
        )
        return list(db.session.scalars(who.join(Vote, Vote.elector_id == Elector.id)))


def number(app, name):
    with app.app_context():
        return cast.user_id(name)


ENDS = {
    "her sign-in ended by itself": lambda app, _: end_sign_ins(app),
    "she signed out": sign_out,
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_vote_that_one_filled_in_is_not_the_other_ones(app, browser, ballot, end):
    sign_in(browser, "hana")
    page = f"{HOME}/ballots/{ballot}"
    filled = hidden(browser.get(page).text) | VOTE
    end(app, browser)
    sign_in(browser, "amy")

    answer = browser.post(f"{page}/vote", data=filled)

    assert answer.status_code == 400
    assert SOMEONE_ELSE in answer.text
    assert voters(app) == []

    address, fields = form_of(answer.text)
    shown = browser.post(address, data=fields)
    assert html.escape(REASON, quote=False) in shown.text.replace("&#34;", '"')
    first = browser.post(address, data=hidden(shown.text) | VOTE)
    assert first.status_code == 422
    assert SOMEONE_ELSE in first.text
    assert voters(app) == []

    knowing = browser.post(address, data=hidden(first.text) | VOTE)
    assert knowing.status_code == 303
    assert voters(app) == [number(app, "amy")]


def test_a_form_that_another_person_brings_through_the_sign_in_says_whose_it_was(
    app, browser, ballot
):
    sign_in(browser, "hana")
    page = f"{HOME}/ballots/{ballot}"
    filled = hidden(browser.get(page).text) | VOTE
    end_sign_ins(app)
    ended = browser.post(f"{page}/vote", data=filled)
    address, fields = form_of(ended.text)

    back = browser.post(address, data=fields | credentials("amy"))

    assert SOMEONE_ELSE in back.text


def test_who_signs_in_again_goes_on_with_the_pages_left_open(app, browser, ballot):
    sign_in(browser, "hana")
    page = f"{HOME}/ballots/{ballot}"
    filled = hidden(browser.get(page).text) | VOTE
    end_sign_ins(app)
    sign_in(browser, "hana")

    assert browser.post(f"{page}/vote", data=filled).status_code == 303
    assert voters(app) == [number(app, "hana")]


def test_a_button_that_one_left_open_does_nothing_for_the_other(app, browser, section):
    sign_in(browser, "olivia")
    page = browser.get(f"{HOME}/sections/{section}/").text
    token = re.search(r'<meta name="csrf-token"\s+content="([^"]+)"', page)[1]
    end_sign_ins(app)
    sign_in(browser, "amy")

    pressed = browser.post(
        f"{HOME}/sections/{section}/freeze", data={"csrf_token": token}
    )

    assert pressed.status_code == 303
    assert "Nothing was changed" in browser.get("/account/profile").text


def test_a_comment_from_the_others_page_comes_back_to_be_checked(app, as_, section):
    amy, hana = as_("amy"), number(app, "hana")
    page = f"{HOME}/sections/{section}/threads"
    words = {"body": "Why 2027?", "form_key": "k" * 22, "filled_by": str(hana)}

    refused = amy.post(page, data=words, headers={"X-Requested-With": "fetch"})

    assert refused.status_code == 422
    assert SOMEONE_ELSE in refused.json["error"]


def test_a_page_of_one_is_given_no_part_of_the_others(app, as_, section):
    amy, hana = as_("amy"), number(app, "hana")
    page = f"{HOME}/sections/{section}/threads"
    part = {"HX-Request": "true", "X-Person": str(hana)}

    assert amy.get(page, headers=part).status_code == 401
    assert amy.get(page, headers=part | {"X-By-Itself": "yes"}).status_code == 204
    own = part | {"X-Person": str(number(app, "amy"))}
    assert amy.get(page, headers=own).status_code == 200
