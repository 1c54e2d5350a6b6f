"""Mails about passwords through a real mail server: one layout, as text and as HTML."""

import re

import pytest
from sqlalchemy import select

from tests import cast
from tests.notifications import mailbox
from workgroup import i18n
from workgroup.accounts.models import User
from workgroup.database import db
from workgroup.jobs.worker import Worker

NEW = "a brand new sentence"
HANA = cast.address("hana")
REMOTE = re.compile(r"""\b(src|style)=|url\(|@import|<link|<img|<script""")


@pytest.fixture
def sent(app, post):
    """What the worker has sent to Hana."""
    worker = Worker(app, app.extensions["schedule"])

    def send():
        while worker.run_next_job():
            pass
        return post.to(HANA)

    return send


def ask(app):
    app.test_client().post("/account/reset", data={"email": HANA})


def change(client):
    client.post(
        "/account/change",
        data={
            "password": cast.PASSWORD,
            "new_password": NEW,
            "new_password_confirm": NEW,
        },
    )


def reset(app, link):
    form = {"password": NEW, "password_confirm": NEW}
    app.test_client().post(link, data=form)


def check_layout(mail):
    """A mail of ours: both parts, marked as automatic, nothing fetched from anywhere."""
    assert mail.get_content_type() == "multipart/alternative"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"]
    html = mailbox.html(mail)
    assert f"<title>{mail['Subject']}</title>" in html
    assert '<p class="brand">' in html
    assert not REMOTE.search(html)
    found = set(re.findall(r'https?://[^\s"<]+', html + mailbox.text(mail)))
    assert {one.split("/")[2] for one in found} == {"127.0.0.1:8000"}


def test_the_link_for_a_new_password(app, sent):
    ask(app)

    [mail] = sent()

    assert mail["Subject"] == "Set a new password for Workgroup"
    check_layout(mail)
    link = re.search(r"http\S+/account/reset/\S+", mailbox.text(mail)).group()
    assert f'href="{link}"' in mailbox.html(mail)
    for part in (mailbox.text(mail), mailbox.html(mail)):
        assert "within 30 minutes" in part
        assert "Hana" not in part


def test_that_a_password_was_reset(app, sent):
    ask(app)
    [mail] = sent()
    link = re.search(r"/account/reset/\S+", mailbox.text(mail)).group()

    reset(app, link)

    _, mail = sent()
    assert mail["Subject"] == "Your password for Workgroup was reset"
    check_layout(mail)
    assert " JST" in mailbox.text(mail)  # when, on her own clock
    assert "http://127.0.0.1:8000/account/reset" in mailbox.html(mail)


def test_that_a_password_was_changed(app, as_, sent):
    change(as_("hana"))

    [mail] = sent()

    assert mail["Subject"] == "Your password for Workgroup was changed"
    check_layout(mail)
    assert " JST" in mailbox.html(mail)


def test_nothing_that_a_browser_sends_decides_the_language(app, sent, monkeypatch):
    monkeypatch.setattr(i18n, "LANGUAGES", ["en", "ko", "ja"])
    with app.app_context():
        hana = db.session.scalars(select(User).where(User.email == HANA)).one()
        hana.language = "ko"
        db.session.commit()

    app.test_client().post(
        "/account/reset", data={"email": HANA}, headers={"Accept-Language": "ja"}
    )

    [mail] = sent()
    assert '<html lang="ko">' in mailbox.html(mail)


def test_an_invitation(app, as_, post, sent):
    as_("olivia").post(
        f"/c/{cast.SLUG}/people/invite",
        data={"email": "new@cast.example", "roles": "observer"},
    )
    sent()

    [mail] = post.to("new@cast.example")
    check_layout(mail)
