"""People without a name are asked for it before anything else, and never shown by address."""

import pytest
from markupsafe import escape
from sqlalchemy import select, update

from tests import cast
from tests.furniture import furnish
from tests.test_authorization import addresses
from workgroup.accounts.models import User
from workgroup.acts.models import AuditRecord
from workgroup.cohorts.models import Invitation
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


def test_with_a_name_people_go_on_to_their_page(app, nameless):
    asked = nameless.get(HOME)

    answer = nameless.post(asked.location, data=FILLED)

    assert answer.location == HOME
    with app.app_context():
        hana = db.session.scalars(
            select(User).where(User.email == cast.address("hana"))
        ).one()
    assert (hana.printed_name, hana.time_zone) == ("Hana Hoshino", "Asia/Tokyo")
    assert nameless.get(HOME).status_code == 200


def test_a_first_name_is_in_the_log_of_the_cohort_without_the_name(app, nameless):
    nameless.post("/account/welcome", data=FILLED)

    with app.app_context():
        [record] = db.session.scalars(
            select(AuditRecord).filter_by(action="account.renamed")
        )
        hana = cast.user_id("hana")
        assert (record.actor, record.subject) == (f"person:{hana}", f"account:{hana}")
        assert record.cohort_id == cast.person("hana").cohort_id


def test_people_without_a_name_are_reminded_on_every_page_and_named_nowhere(
    nameless, as_
):
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


def test_people_with_a_name_are_not_asked(as_):
    assert as_("amy").get(HOME).status_code == 200


def test_the_page_of_the_profile_shows_the_zone_that_is_stored(as_):
    assert "data-guess-zone" not in as_("hana").get("/account/profile").text


EXEMPT = {"accounts.welcome", "security.logout"}


@pytest.fixture
def pages(app):
    """A request to each page of the cohort that requires a signed-in person."""
    with app.app_context():
        furniture = furnish(cast.SLUG, "CANARY")
    return [
        asked
        for asked in addresses(app, furniture)
        if asked.policy != "public" and asked.endpoint not in EXEMPT
    ]


def test_every_page_leads_there_once_and_on_to_itself(app, nameless, pages, as_):
    astray = []

    for asked in pages:
        if asked.method != "GET":
            continue
        hana = as_("hana")
        answer = hana.get(asked.address)
        led = (answer.location or "").startswith("/account/welcome?next=")
        onwards = hana.post(answer.location, data={"printed_name": ""}).text
        again = hana.get(asked.address)
        if (
            not led
            or asked.address not in onwards
            or "welcome" in (again.location or "")
        ):
            astray.append(str(asked))

    assert len(pages) > 40
    assert astray == []


def test_nothing_that_is_typed_is_kept_from_its_page(nameless, pages):
    asked = [one.by(nameless).location or "" for one in pages if one.method == "POST"]

    assert [one for one in asked if one.startswith("/account/welcome")] == []


def test_a_page_that_is_open_is_left_as_it_is(nameless):
    assert nameless.get(HOME, headers={"HX-Request": "true"}).status_code == 200


def test_an_invitation_to_somebody_without_a_name_leads_there(app, nameless):
    with app.app_context():
        furniture = furnish(cast.OTHER_SLUG, "CANARY")
        invitation = db.session.get_one(Invitation, furniture.ids["invitation_id"])
        invitation.email = cast.address("hana")
        db.session.commit()
    link = f"/invitations/{furniture.ids['token']}"

    accepted = nameless.post(link)
    asked = nameless.get(accepted.location)

    assert asked.location.startswith("/account/welcome")
    assert nameless.post(asked.location, data=FILLED).location == accepted.location


def test_a_first_sign_in_leads_there_and_then_to_the_page_one_wanted(app, nameless):
    visitor = app.test_client()
    credentials = {"email": cast.address("hana"), "password": cast.PASSWORD}

    signed_in = visitor.post(
        "/account/sign-in", query_string={"next": HOME}, data=credentials
    )
    asked = visitor.get(signed_in.location)

    assert asked.location.startswith("/account/welcome")
    assert visitor.post(asked.location, data=FILLED).location == HOME


def test_where_one_wanted_to_go_outlives_a_session_that_ends_on_the_way(app, nameless):
    address = nameless.get(HOME).location

    ended = app.test_client().post(address, data={**FILLED, "form_key": "k" * 22})

    assert ended.status_code == 401
    assert f'name="returning_to" value="{escape(address)}"' in " ".join(
        ended.text.split()
    )
    assert FILLED["printed_name"] in ended.text


@pytest.mark.parametrize("name", [" ", "\u3164", "\u00a0"])
def test_an_old_row_with_a_name_of_nothing_visible_counts_as_none(app, as_, name):
    with app.app_context():
        hana = db.session.scalars(
            select(User).where(User.email == cast.address("hana"))
        ).one()
        hana.printed_name, hana.native_name = name, ""
        db.session.commit()

    assert as_("hana").get(HOME).location.startswith("/account/welcome")
    assert "Name not given" in as_("amy").get(f"/c/{cast.SLUG}/people").text


@pytest.mark.parametrize("typed", ["hana@cast.example", "hana\uff20cast.example"])
def test_an_address_is_not_taken_for_a_name(nameless, typed):
    answer = nameless.post("/account/welcome", data={**FILLED, "printed_name": typed})

    assert answer.status_code == 422
    assert "Enter your name, not an e-mail address." in answer.text
    assert typed in answer.text
