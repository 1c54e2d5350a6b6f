"""Setting a new password by mail, and changing it: other sessions end."""

import re
import time

from sqlalchemy import select

from tests import cast
from tests.accounts.test_sign_in import same
from workgroup.database import db
from workgroup.jobs.models import Job

NEW = "a brand new sentence"
ON_ITS_WAY = "If there is an account for that address"


def mails(app):
    with app.app_context():
        jobs = db.session.scalars(select(Job).where(Job.kind == "mail")).all()
        return [job.payload for job in jobs]


def ask_for_link(app, email):
    return app.test_client().post("/account/reset", data={"email": email})


def link_in(mail):
    return re.search(r"/account/reset/\S+", str(mail)).group().split("\\n")[0]


def set_password(client, link, password=NEW):
    return client.post(
        link,
        data={"password": password, "password_confirm": password},
        follow_redirects=True,
    )


def signs_in(app, password):
    answer = app.test_client().post(
        "/account/sign-in",
        data={"email": cast.address("hana"), "password": password},
    )
    return answer.status_code == 302


def test_a_link_in_the_mail_sets_a_new_password_once(app, as_):
    before = as_("hana")
    ask_for_link(app, cast.address("hana"))
    link = link_in(mails(app)[0])
    client = app.test_client()

    shown = client.get(link)
    answer = set_password(client, link)
    again = set_password(app.test_client(), link, "another new sentence")

    assert "Set a new password" in shown.text
    assert "Your new password is set." in answer.text
    assert "That link has already been used" in again.text
    assert signs_in(app, NEW)
    assert before.get("/account/profile").status_code == 302


def test_a_link_works_for_half_an_hour(app, monkeypatch):
    asked_at = time.time()
    ask_for_link(app, cast.address("hana"))
    link = link_in(mails(app)[0])

    monkeypatch.setattr(time, "time", lambda: asked_at + 29 * 60)
    in_time = app.test_client().get(link)
    monkeypatch.setattr(time, "time", lambda: asked_at + 31 * 60)
    late = set_password(app.test_client(), link)

    assert "Set a new password" in in_time.text
    assert "That link is more than 30 minutes old." in late.text
    assert not signs_in(app, NEW)


def test_a_known_and_an_unknown_address_get_the_same_page(app):
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"  # where mail leaves, later
    known = ask_for_link(app, cast.address("hana"))
    unknown = ask_for_link(app, "nana@cast.example")

    assert ON_ITS_WAY in known.text
    assert same(known.text) == same(unknown.text)
    assert len(mails(app)) == 1


def test_a_short_password_is_refused_in_words(app):
    ask_for_link(app, cast.address("hana"))
    link = link_in(mails(app)[0])

    answer = set_password(app.test_client(), link, "short")

    assert "Use at least 10 characters." in answer.text
    assert signs_in(app, cast.PASSWORD)


def test_a_new_password_leads_to_signing_in_and_to_nothing_else(app):
    ask_for_link(app, cast.address("hana"))

    page = set_password(app.test_client(), link_in(mails(app)[0])).text

    assert "Your new password is set. Sign in with it." in page
    assert "Sign in to open that page." not in page


def test_a_change_ends_all_other_sessions_and_is_mailed(app, as_):
    here, elsewhere = as_("hana"), as_("hana")

    answer = here.post(
        "/account/change",
        data={
            "password": cast.PASSWORD,
            "new_password": NEW,
            "new_password_confirm": NEW,
        },
        follow_redirects=True,
    )

    assert "Your password was changed." in answer.text
    assert here.get("/account/profile").status_code == 200
    assert elsewhere.get("/account/profile").status_code == 302
    assert signs_in(app, NEW)
    assert "was changed" in str(mails(app))


def test_a_change_asks_for_the_current_password(app, as_):
    hana = as_("hana")

    answer = hana.post(
        "/account/change",
        data={"password": "not mine", "new_password": NEW, "new_password_confirm": NEW},
    )

    assert "That is not your current password." in answer.text
    assert signs_in(app, cast.PASSWORD)


def test_a_password_that_is_too_long_to_be_hashed_is_refused(app, as_):
    client = as_("hana")
    long = "a sentence " * 400

    answer = client.post(
        "/account/change",
        data={
            "password": cast.PASSWORD,
            "new_password": long,
            "new_password_confirm": long,
        },
    )

    assert "Use at most 128 characters." in answer.text
    assert signs_in(app, cast.PASSWORD)


def test_nobody_signs_in_with_more_than_the_password(app):
    assert not signs_in(app, cast.PASSWORD + " " * 5000)
    assert not signs_in(app, "x" * 5000)
