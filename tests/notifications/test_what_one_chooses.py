"""What one wants by mail is chosen on the profile, kind by kind or for all at once."""

import re

import pytest
from sqlalchemy import select

from tests import cast
from tests.furniture import furnish
from tests.notifications.work import HANA, a_day_of_work
from workgroup.database import db
from workgroup.notifications.catalogue import RULES
from workgroup.notifications.forms import field_name
from workgroup.notifications.kinds import Delivery, NoticeKind
from workgroup.notifications.models import Preference

PROFILE = "/account/profile"
SELECT = re.compile(r'<select[^>]*name="(\w+)".*?</select>', re.DOTALL)
HIDDEN = re.compile(r'<input[^>]*name="(was_\w+)"[^>]*value="([\w-]*)"')
CHOSEN = re.compile(r'<option selected value="([\w-]*)"')


def shown(page):
    """Return the form of mail as a page shows it: field → what is chosen."""
    form = page.text[page.text.index('id="mail"') :]
    return {
        found[1]: (CHOSEN.findall(found[0]) or [""])[0]
        for found in SELECT.finditer(form)
    }


def sent(page):
    """Return what the form of mail sends if nothing is changed on the page."""
    form = page.text[page.text.index('id="mail"') :]
    return dict(HIDDEN.findall(form)) | shown(page)


def stored(app, name):
    with app.app_context():
        rows = db.session.execute(
            select(Preference.kind, Preference.delivery).where(
                Preference.user_id == cast.user_id(name)
            )
        )
        return dict(rows.all())


def test_the_profile_shows_how_each_kind_comes_as_long_as_nobody_has_chosen(as_):
    usual = {field_name(kind): str(rule.delivery) for kind, rule in RULES.items()}

    assert shown(as_("hana").get(PROFILE)) == {"every_kind": "", **usual}


def test_what_was_chosen_is_kept_shown_and_followed(app, as_, post, deliver):
    hana = as_("hana")
    wanted = shown(hana.get(PROFILE)) | {
        "ballot_opened": "off",
        "thread_answered": "daily",
    }

    answer = hana.post("/account/mail", data=wanted)
    a_day_of_work(app)
    deliver()

    assert (answer.status_code, answer.location) == (303, f"{PROFILE}#mail")
    page = hana.get(PROFILE)
    assert "Your e-mail settings are saved." in page.text
    assert shown(page) == wanted
    assert stored(app, "hana")[NoticeKind.BALLOT_OPENED] is Delivery.OFF
    assert stored(app, "amy") == {}
    assert post.to(HANA) == []
    assert len(post.to(cast.address("amy"))) == 1


@pytest.mark.parametrize("delivery", list(Delivery))
def test_one_choice_covers_all_kinds(app, as_, delivery):
    hana = as_("hana")
    wanted = shown(hana.get(PROFILE)) | {"every_kind": str(delivery)}

    hana.post("/account/mail", data=wanted)

    assert stored(app, "hana") == dict.fromkeys(NoticeKind, delivery)


@pytest.mark.parametrize(
    "wrong", [{"ballot_opened": "hourly"}, {"every_kind": "x"}, {"ballot_opened": None}]
)
def test_what_is_no_choice_keeps_the_others_as_they_were_chosen(app, as_, wrong):
    hana = as_("hana")
    wanted = shown(hana.get(PROFILE)) | {"section_frozen": "off"} | wrong

    refused = hana.post(
        "/account/mail",
        data={key: one for key, one in wanted.items() if one is not None},
    )

    assert refused.status_code == 422
    assert shown(refused)["section_frozen"] == "off"
    assert stored(app, "hana") == {}


def test_where_no_mail_leaves_the_settings_say_so(app, as_, post):
    promise = "This server does not send e-mail yet."

    with_server = as_("hana").get(PROFILE).text
    app.config["SMTP_URL"] = ""
    without = as_("hana").get(PROFILE).text

    assert promise not in with_server
    assert promise in without


def test_what_was_turned_off_meanwhile_stays_off(app, as_):
    """The profile was open on the desk; the mail's link was pressed on the phone."""
    with app.app_context():
        token = furnish(cast.SLUG, "OURS").ids["mail_token"]
    desk = as_("olivia")
    old = sent(desk.get(PROFILE))
    app.test_client().post(f"/unsubscribe/{token}")

    desk.post("/account/mail", data=old | {"ballot_opened": "daily"})

    assert stored(app, "olivia") == {
        NoticeKind.SECTION_ADOPTED: Delivery.OFF,
        NoticeKind.BALLOT_OPENED: Delivery.DAILY,
    }


def test_a_page_on_which_nothing_was_changed_changes_nothing(app, as_):
    hana = as_("hana")

    answer = hana.post("/account/mail", data=sent(hana.get(PROFILE)))

    assert answer.status_code == 303
    assert stored(app, "hana") == {}
