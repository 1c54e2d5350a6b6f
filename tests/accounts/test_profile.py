"""The page of one's own profile, and names without hidden controls."""

import pytest
from sqlalchemy import select

from tests import cast
from workgroup.accounts.models import NameOrder, Sector, User
from workgroup.acts import queries as acts
from workgroup.cohorts.models import Membership
from workgroup.database import db

FILLED = {
    "printed_name": "Hana Hoshino",
    "native_name": "星野 花",
    "native_language": "ja",
    "name_order": "family-first",
    "affiliation": "Institute of Examples",
    "sector": "think-tank",
    "time_zone": "Asia/Tokyo",
}


def stored(app, name):
    with app.app_context():
        return db.session.scalars(
            select(User).where(User.email == cast.address(name))
        ).one()


def test_a_member_fills_in_the_profile(app, as_):
    hana = as_("hana")

    answer = hana.post("/account/profile", data=FILLED, follow_redirects=True)

    assert "Your profile is saved." in answer.text
    person = stored(app, "hana")
    assert person.native_name == "星野 花"
    assert person.name_order is NameOrder.FAMILY_FIRST
    assert person.sector is Sector.THINK_TANK
    assert person.time_zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("name", "wrong", "sentence"),
    [
        ("printed_name", " \u202e ", "Enter your name as it should be printed."),
        ("affiliation", "x" * 201, "Use at most 200 characters."),
        ("time_zone", "Mars/Olympus", "Choose one of the options."),
        ("time_zone", "Etc/GMT+9", "Choose one of the options."),
        ("sector", "astrology", "Choose one of the options."),
    ],
)
def test_impossible_values_are_refused_and_the_rest_is_kept(
    app, as_, name, wrong, sentence
):
    hana = as_("hana")

    answer = hana.post("/account/profile", data={**FILLED, name: wrong})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="星野 花"' in answer.text
    assert stored(app, "hana").sector is None


def test_a_page_may_be_read_before_and_after_a_change(app, as_):
    hana = as_("hana")

    codes = [
        hana.get("/account/profile").status_code,
        hana.post("/account/profile", data=FILLED).status_code,
        hana.get("/account/profile").status_code,
    ]

    assert codes == [200, 302, 200]


def test_a_stranger_is_asked_to_sign_in(app):
    answer = app.test_client().get("/account/profile")

    assert answer.status_code == 302
    assert "/account/sign-in" in answer.location


def test_controls_that_reorder_letters_are_taken_out_of_names(app, as_):
    hana = as_("hana")

    hana.post(
        "/account/profile",
        data={**FILLED, "printed_name": "Hana\u202e Hoshi\u2066no\u200f \x07 "},
    )

    assert stored(app, "hana").printed_name == "Hana Hoshino"


def renamings(app):
    """List the records of new names: whose, and in the log of which cohort."""
    with app.app_context():
        return [
            (one.actor, one.subject, one.cohort_id)
            for one in acts.records_after(0, 100)
            if one.action == "account.renamed"
        ]


@pytest.mark.both_databases
def test_another_name_is_recorded_in_every_cohort_that_shows_it(app, as_):
    with app.app_context():
        amy = cast.person("amy")
        sam = db.session.scalars(
            select(Membership).where(Membership.user_id == cast.user_id("sam"))
        ).one()
        left = Membership(
            cohort_id=sam.cohort_id,
            user_id=amy.user_id,
            roles=sam.roles,
            joined_at=cast.JOINED,
            ended_at=cast.JOINED,
        )
        db.session.add(left)
        db.session.commit()
        person, cohorts = amy.user_id, [amy.cohort_id, sam.cohort_id]

    as_("amy").post("/account/profile", data={**FILLED, "printed_name": "Minjun Ma"})

    assert renamings(app) == [
        (f"person:{person}", f"account:{person}", cohort) for cohort in cohorts
    ]
    log = as_("olivia").post(f"/c/{cast.SLUG}/log", follow_redirects=True).text
    assert "Name changed" in log
    assert "Amy" not in log


@pytest.mark.parametrize("address", ["/account/profile", "/account/welcome"])
def test_zones_are_offered_by_their_place_and_not_by_a_sign_that_misleads(as_, address):
    """ "Etc/GMT+9" is nine hours behind Greenwich; a person who takes it for Tokyo misses each deadline."""
    text = as_("hana").get(address).text

    for zone in ("Asia/Tokyo", "Asia/Seoul", "America/New_York", "Europe/Kyiv", "UTC"):
        assert f'value="{zone}"' in text
    for zone in ("Etc/GMT+9", "Etc/GMT-9", "GMT+0", "EST", "EST5EDT", "PRC", "W-SU"):
        assert f'value="{zone}"' not in text


def test_a_zone_that_browsers_name_by_its_older_name_is_offered_too(as_):
    text = as_("hana").get("/account/welcome").text

    for zone in ("Asia/Calcutta", "Asia/Saigon", "Europe/Kiev", "America/Buenos_Aires"):
        assert f'value="{zone}"' in text


def test_who_has_a_zone_that_is_not_offered_keeps_it(app, as_):
    with app.app_context():
        cast.person("hana").user.time_zone = "Japan"
        db.session.commit()
    hana = as_("hana")

    shown = hana.get("/account/profile").text
    hana.post("/account/profile", data={**FILLED, "time_zone": "Japan"})
    assert stored(app, "hana").time_zone == "Japan"
    hana.post("/account/profile", data=FILLED)

    assert '<option selected value="Japan">' in shown
    assert stored(app, "hana").time_zone == "Asia/Tokyo"


def test_another_time_zone_is_no_other_name(app, as_):
    with app.app_context():
        hana = cast.person("hana").user
        hana.name_order = NameOrder.FAMILY_FIRST
        db.session.commit()

    as_("hana").post("/account/profile", data={**FILLED, "time_zone": "UTC"})

    assert stored(app, "hana").time_zone == "UTC"
    assert renamings(app) == []


def test_the_name_of_somebody_in_no_cohort_is_recorded_too(app, as_):
    with app.app_context():
        person = cast.write_user("nao", "Nao Nagai", "!", "UTC").id
        db.session.commit()

    as_("nao").post("/account/profile", data={**FILLED, "printed_name": "Nao N."})

    assert renamings(app) == [(f"person:{person}", f"account:{person}", None)]
