"""Whoever has no name is asked for it before anything else, and never called by address."""

import pytest
from sqlalchemy import select, update

from tests import cast
from workgroup.accounts.models import User
from workgroup.database import db

HOME = f"/c/{cast.SLUG}/"
FILLED = {"printed_name": "Hana Hoshino", "time_zone": "Asia/Tokyo"}


@pytest.fixture
def nameless(app, as_):
    """Hana, whose account was made without a name."""
    with app.app_context():
        db.session.execute(
            update(User)
            .where(User.email == cast.address("hana"))
            .values(printed_name="", native_name="")
        )
        db.session.commit()
    return as_("hana")


def test_the_first_page_asks_for_the_name_and_the_zone(nameless):
    answer = nameless.get(HOME, follow_redirects=True)

    assert answer.request.path == "/account/welcome"
    assert 'name="printed_name"' in answer.text
    assert 'name="time_zone"' in answer.text


def test_with_a_name_one_goes_on_where_one_wanted_to(app, nameless):
    asked = nameless.get(HOME)

    answer = nameless.post(asked.location, data=FILLED)

    assert answer.location == HOME
    with app.app_context():
        hana = db.session.scalars(
            select(User).where(User.email == cast.address("hana"))
        ).one()
    assert (hana.printed_name, hana.time_zone) == ("Hana Hoshino", "Asia/Tokyo")
    assert nameless.get(HOME).status_code == 200


def test_who_goes_on_without_is_reminded_on_every_page_and_named_nowhere(nameless, as_):
    nameless.get(HOME, follow_redirects=True)

    for page in (HOME, f"/c/{cast.SLUG}/people", "/notices"):
        text = nameless.get(page).text
        assert "Enter your name" in text
    people = as_("amy").get(f"/c/{cast.SLUG}/people").text
    assert "Name not given" in people
    assert cast.address("hana") not in people


@pytest.mark.parametrize(
    "path",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "/\t/evil.example"],
)
def test_nobody_is_led_elsewhere(nameless, path):
    answer = nameless.post("/account/welcome", query_string={"next": path}, data=FILLED)

    assert answer.location == "/"


def test_a_name_of_nothing_visible_is_refused(nameless):
    answer = nameless.post(
        "/account/welcome", data={**FILLED, "printed_name": "\u202e "}
    )

    assert answer.status_code == 422
    assert "Enter your name" in answer.text


def test_whoever_has_a_name_is_not_asked(as_):
    assert as_("amy").get(HOME).status_code == 200


def test_the_page_of_the_profile_shows_the_zone_that_is_stored(as_):
    assert "data-guess-zone" not in as_("hana").get("/account/profile").text
