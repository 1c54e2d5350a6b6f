"""Where no mail is sent, pages say so and offer a link to pass on."""

import re
from datetime import timedelta

from sqlalchemy import select

from tests import cast
from tests.notifications.work import HANA, a_day_of_work
from tests.servers import free_port
from workgroup import clock, doctor
from workgroup.database import db
from workgroup.notifications.models import Notice


def test_without_a_mail_server_the_page_gives_the_link_to_hand_over_once(app, as_):
    olivia = as_("olivia")

    answer = olivia.post(
        f"/c/{cast.SLUG}/people/invite",
        data={"email": "nao@new.example", "roles": ["observer"]},
        follow_redirects=True,
    )
    again = olivia.get(f"/c/{cast.SLUG}/people")

    assert "does not send e-mail" in answer.text
    assert "being sent" not in answer.text
    assert "on its way" not in answer.text
    assert re.search(r"/invitations/[\w-]{43}", answer.text)
    assert not re.search(r"/invitations/[\w-]{43}", again.text)


def test_without_a_mail_server_notices_are_listed_and_nothing_piles_up(
    app, post, deliver
):
    app.config["SMTP_URL"] = ""
    a_day_of_work(app)

    deliver(morning=True)

    assert not (app.config["INSTANCE"] / "mail").exists()
    app.config["SMTP_URL"] = post.url
    with clock.pretend(clock.now() + timedelta(days=3)):
        deliver(morning=True)
    assert post.messages == []
    with app.app_context():
        assert db.session.scalars(select(Notice.id)).all()


def test_without_a_mail_server_nobody_is_promised_a_link_to_a_password(app):
    anybody = app.test_client()

    shown = anybody.get("/account/reset")
    sent = anybody.post("/account/reset", data={"email": HANA}, follow_redirects=True)

    for page in (shown, sent):
        assert "does not send e-mail" in page.text
        assert "an e-mail with a link" not in page.text


def test_the_operator_prints_a_link_that_sets_a_password(app):
    printed = app.test_cli_runner().invoke(args=["password-link", f" {HANA.upper()} "])
    link = printed.output.strip()
    unknown = app.test_cli_runner().invoke(args=["password-link", "no@where.example"])

    page = app.test_client().get(link)

    assert "new password" in page.text
    assert link.startswith("http://127.0.0.1:8000/account/reset/")
    assert unknown.exit_code == 1


def test_the_doctor_asks_whether_the_mail_server_answers(app, post):
    def answer_lines():
        with app.app_context():
            return [
                one.sentence
                for one in doctor.settings()
                if "mail" in one.sentence.lower()
            ]

    answers = answer_lines()
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"
    silent = answer_lines()
    app.config["SMTP_URL"] = ""
    unset = answer_lines()

    assert answers == ["The configured mail server answers."]
    assert "ConnectionRefusedError" in silent[0]
    assert "No e-mail is sent" in unset[0]
