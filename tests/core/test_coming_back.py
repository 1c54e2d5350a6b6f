"""A form whose session has ended leads through signing in and back to itself, filled."""

import html
import re

import pytest
from flask import render_template

from tests import cast
from workgroup.database import db
from workgroup.deciding.models import Vote

HOME = f"/c/{cast.SLUG}"
SIGN_IN = "/account/sign-in"
REASON = "これは早すぎます。 “Too early” & <late>"
VOTE = {"position": "object", "reason": REASON, "form_key": "a"}


def hidden(page):
    return {
        name: html.unescape(value)
        for name, value in re.findall(
            r'<input type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', page
        )
    }


def form_of(page):
    """Return where the page's one form goes, and what it holds."""
    body = page.partition("<main")[2]
    return re.search(r'action="([^"]+)"', body)[1], hidden(body)


def test_a_vote_after_the_sessions_end_comes_back_with_position_and_reason(app, ballot):
    visitor = app.test_client()
    page = f"{HOME}/ballots/{ballot}/vote"

    ended = visitor.post(page, data=VOTE)
    assert ended.status_code == 401
    assert "Nothing you typed is lost" in ended.text

    address, fields = form_of(ended.text)
    credentials = {"email": cast.address("hana"), "password": cast.PASSWORD}
    back = visitor.post(address, data=fields | credentials)
    assert back.status_code == 200
    assert "Your form has not been sent yet" in back.text

    address, fields = form_of(back.text)
    shown = visitor.post(address, data=fields)
    with app.app_context():
        assert db.session.query(Vote).count() == 0
    assert re.search(r'<input[^>]*checked[^>]*value="object"', shown.text)
    assert html.escape(REASON, quote=False) in shown.text.replace("&#34;", '"')

    sent = visitor.post(address, data=VOTE)
    assert sent.status_code == 303
    with app.app_context():
        [vote] = db.session.query(Vote).all()
        assert vote.reason == REASON


def test_a_wrong_password_on_the_way_loses_nothing(app, ballot):
    visitor = app.test_client()
    page = f"{HOME}/ballots/{ballot}/vote"
    address, fields = form_of(visitor.post(page, data=VOTE).text)

    wrong = {"email": cast.address("hana"), "password": "not the password"}
    again = visitor.post(address, data=fields | wrong)

    assert hidden(again.text)["returning_fields"] == fields["returning_fields"]


def test_no_password_travels_along(app):
    fields = {
        "new_password": "a secret phrase",
        "printed_name": "Amy",
        "form_key": "a",
    }

    ended = app.test_client().post("/account/profile", data=fields)

    assert "a secret phrase" not in ended.text
    assert "Amy" in hidden(ended.text)["returning_fields"]


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere",
        "/\t/elsewhere.example",
    ],
)
def test_nobody_is_led_to_another_site(app, address):
    answer = app.test_client().post(
        SIGN_IN,
        data={
            "email": cast.address("hana"),
            "password": cast.PASSWORD,
            "returning_to": address,
            "returning_fields": "[]",
        },
    )

    assert "elsewhere" not in answer.text
    assert answer.location == "/"


BROKEN = ["", "{", "[[1]]", "3", "null", "[" * 5000, r'[["body", "Words of some length \ud800"]]', r'[["\udfff", ""]]', f'[["body", {"9" * 5000}]]']  # fmt: skip


@pytest.mark.parametrize("fields", BROKEN)
def test_a_broken_parcel_is_dropped(app, fields):
    answer = app.test_client().post(
        SIGN_IN,
        data={
            "email": cast.address("hana"),
            "password": cast.PASSWORD,
            "returning_to": "/account/profile",
            "returning_fields": fields,
        },
    )

    assert answer.status_code == 302


@pytest.mark.parametrize("fields", BROKEN)
@pytest.mark.parametrize("address", ["/no-such-page", SIGN_IN, "/account/profile"])
def test_a_broken_parcel_breaks_no_page(app, fields, address):
    app.testing = False
    parcel = {"returning_to": "/account/profile", "returning_fields": fields}

    answer = app.test_client().post(address, data=parcel)

    assert answer.status_code in {200, 401, 404}
    assert "Content-Security-Policy" in answer.headers
    app.testing = True


def test_a_token_of_an_ended_session_shows_the_form_again(
    app, as_, ballot, monkeypatch
):
    """A person who has signed in again in another tab comes back and sends."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", 1)
    hana, page = as_("hana"), f"{HOME}/ballots/{ballot}/vote"

    refused = hana.post(page, data={**VOTE, "csrf_token": "old"})

    assert refused.status_code == 400
    address, fields = form_of(refused.text)
    shown = hana.post(address, data=fields)
    assert re.search(r'<input[^>]*checked[^>]*value="object"', shown.text)


def test_a_template_that_the_worker_renders_carries_no_form(app):
    with app.app_context():
        assert render_template("returning.html") == ""
