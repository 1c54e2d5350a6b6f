"""A form that comes back after sign-in is shown and never acted on, whatever it holds."""

import sqlite3

import pytest

from tests import cast
from tests.furniture import furnish
from tests.test_authorization import addresses
from workgroup.database import db

HOME = f"/c/{cast.SLUG}"
# With a field that nobody types.
BUTTONS = {"drafting.shift_section", "notifications.read_all"}


@pytest.fixture
def posts(app):
    """A right request to every page that changes something, for somebody who may."""
    with app.app_context():
        ours = furnish(cast.SLUG, "OURS")
        db.engine.dispose()
    return [
        asked
        for asked in addresses(app, ours)
        if asked.method == "POST" and asked.policy != "public"
    ]


def everything(app):
    """Return all rows of the database as text."""
    path = app.config["INSTANCE"] / "workgroup.sqlite"
    with sqlite3.connect(path) as connection:
        return "\n".join(connection.iterdump())


def test_no_form_that_comes_back_changes_anything(app, as_, posts):
    people = {name: as_(name) for name in ("amy", "olivia")}
    before = everything(app)

    for asked in posts:
        person = people["amy" if asked.policy == "vote" else "olivia"]
        form = {**asked.more.form, "only_show": "1"}
        if asked.more.form and asked.endpoint not in BUTTONS:
            form["form_key"] = "a"
        answer = person.post(asked.address, data=form)

        assert answer.status_code in {200, 303, 422}, asked
        assert everything(app) == before, asked


@pytest.mark.parametrize(
    ("referrer", "onwards"),
    [
        (f"http://127.0.0.1:8000{HOME}/report?page=2", f"{HOME}/report?page=2"),
        (None, "/"),
        ("http://127.0.0.1:8000//elsewhere.example", "/"),
    ],
)
def test_a_button_without_a_session_leads_through_sign_in_to_its_page(
    app, posts, referrer, onwards
):
    freeze = next(asked for asked in posts if asked.endpoint == "lifecycle.freeze")
    visitor, before = app.test_client(), everything(app)

    ended = visitor.post(
        freeze.address, headers={"Referer": referrer} if referrer else {}
    )
    credentials = {"email": cast.address("olivia"), "password": cast.PASSWORD}
    after = visitor.post("/account/sign-in", data={**credentials, "next": onwards})

    assert ended.status_code == 401
    assert f'name="next" value="{onwards}"' in ended.text
    assert "Nothing was changed." in ended.text
    assert "returning_to" not in ended.text
    assert after.location == onwards
    assert everything(app).count("section.frozen") == before.count("section.frozen")


def test_a_button_on_a_page_of_an_ended_session_says_so(app, as_, posts, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", 1)
    freeze = next(asked for asked in posts if asked.endpoint == "lifecycle.freeze")
    olivia, before = as_("olivia"), everything(app)
    page = f"http://127.0.0.1:8000{HOME}/report"

    refused = olivia.post(
        freeze.address, data={"csrf_token": "old"}, headers={"Referer": page}
    )

    assert refused.location == f"{HOME}/report"
    assert "Nothing was changed" in olivia.get(refused.location).text
    assert everything(app) == before
