"""A refusal says what to do and gives back what was typed."""

import re

import pytest
from flask import request

from tests import cast
from tests.deciding.building import a_section
from workgroup import web
from workgroup.database import db, writing
from workgroup.drafting.states import SectionState
from workgroup.errors import DomainError

WORDS = "A sentence that took me twenty minutes. 二十分かけた文。"


@pytest.fixture
def refusing(own_app):
    """Add a page that refuses whatever is sent to it."""

    @own_app.post("/refusing")
    @web.public
    def refusing():
        request.form.get("body")
        raise DomainError("The section is frozen; your words were not added.")

    @own_app.post("/guarded")
    @web.signed_in
    def guarded():
        return ""

    return own_app


def test_a_rule_refuses_with_its_sentence_and_the_words_stay(refusing):
    answer = refusing.test_client().post("/refusing", data={"body": WORDS})

    assert answer.status_code == 409
    assert "The section is frozen; your words were not added." in answer.text
    assert WORDS in answer.text


def test_a_refusal_where_no_page_is_above_leads_to_the_first_page(refusing):
    answer = refusing.test_client().post("/refusing", data={"body": WORDS})

    assert "Back to the page" not in answer.text
    assert re.search(r'href="/">\s*Go to the start page', answer.text)


def test_a_refused_button_leads_back_to_the_page_that_it_was_on(app, as_):
    with app.app_context():
        address = f"/c/{cast.SLUG}/sections/{a_section().id}"
        db.session.commit()
    olivia = as_("olivia")
    olivia.post(f"{address}/freeze")

    answer = olivia.post(f"{address}/freeze")

    assert "Only a draft can be frozen" in answer.text
    [back] = re.findall(r'href="([^"]+)">Back to the page', answer.text)
    assert back == f"{address}/"
    assert "Frozen" in olivia.get(back).text


def test_a_page_that_ends_with_its_session_leads_back_to_itself(app, as_):
    with app.app_context():
        address = f"/c/{cast.SLUG}/sections/{a_section().id}/"
        db.session.commit()

    text = as_("hana").get(address).text

    ended = text[text.index('id="access-ended"') :]
    assert f'href="/account/sign-in?next={address}"' in ended


@pytest.mark.parametrize("form", ["open", "reopen"])
def test_a_link_to_a_form_that_is_not_possible_now_leads_to_its_section(app, as_, form):
    with app.app_context():
        state = SectionState.ADOPTED if form == "open" else SectionState.DRAFT
        address = f"/c/{cast.SLUG}/sections/{a_section(state=state).id}"
        db.session.commit()

    answer = as_("olivia").get(f"{address}/{form}")

    assert answer.status_code == 409
    assert re.findall(r'href="([^"]+)">Back to the page', answer.text) == [
        f"{address}/"
    ]


def test_who_was_not_the_first_is_led_back_to_the_page_of_the_form(own_app):
    @own_app.post("/account/profile/again")
    @web.public
    def add_everybody_again():
        with writing():
            db.session.execute(db.text("INSERT INTO users SELECT * FROM users"))

    answer = own_app.test_client().post("/account/profile/again", data={"body": WORDS})

    assert answer.status_code == 409
    assert "Someone else saved a change at the same time." in answer.text
    assert WORDS in answer.text
    assert 'href="/account/profile">Back to the page' in answer.text


def test_a_form_sent_after_the_sessions_end_gives_the_words_back(refusing):
    answer = refusing.test_client().post(
        "/guarded", data={"body": WORDS, "form_key": "a"}
    )

    assert answer.status_code == 401
    assert "Sign in again, and your form will come back" in answer.text
    assert WORDS in answer.text


def test_a_form_with_a_stale_token_gives_the_words_back_but_no_password(refusing):
    refusing.config["WTF_CSRF_ENABLED"] = True
    form = {"csrf_token": "stale", "body": WORDS, "new_password": "hunter22hunter22"}

    answer = refusing.test_client().post("/refusing", data=form)

    assert answer.status_code == 400
    assert WORDS in answer.text
    assert "hunter22" not in answer.text
    assert "stale" not in answer.text


def test_what_nobody_typed_is_not_given_back(refusing):
    form = {"body": WORDS, "form_key": "k" * 22, "filled_from": "f" * 32}

    answer = refusing.test_client().post("/refusing", data=form)

    assert WORDS in answer.text
    assert "k" * 22 not in answer.text
    assert "f" * 32 not in answer.text


def test_hostile_words_come_back_as_words(refusing):
    evil = "</textarea><script>alert(1)</script>"

    answer = refusing.test_client().post("/refusing", data={"body": evil})

    assert "<script>alert" not in answer.text


def test_a_body_over_two_megabytes_is_refused_with_a_sentence(refusing):
    answer = refusing.test_client().post("/refusing", data={"body": "a" * 2_200_000})

    assert answer.status_code == 413
    assert "two megabytes" in answer.text


def test_a_page_that_is_not_there_says_so_calmly(app):
    answer = app.test_client().get("/no-such-page")

    assert answer.status_code == 404
    assert "This page could not be found" in answer.text


def test_an_unforeseen_failure_has_a_reference_and_no_details(own_app, caplog):
    own_app.testing = False
    own_app.add_url_rule(
        "/broken", view_func=web.public(lambda: 1 / 0), endpoint="broken"
    )

    answer = own_app.test_client().get("/broken")

    assert answer.status_code == 500
    assert "Reference" in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_every_answer_carries_the_headers_that_keep_it_safe(app):
    headers = app.test_client().get("/account/sign-in").headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_a_request_with_a_foreign_host_is_refused(app):
    answer = app.test_client().get("/account/sign-in", headers={"Host": "evil.example"})

    assert answer.status_code == 400
