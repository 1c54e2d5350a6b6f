"""Mail about notices, through a real mail server: what it contains and how people unsubscribe."""

import re
from datetime import timedelta

from sqlalchemy import select, update

from tests import cast
from tests.deciding.building import a_section, person
from tests.notifications import mailbox
from tests.notifications.work import CANARY, HANA, a_day_of_work, choose
from workgroup import clock, i18n
from workgroup.accounts.models import User
from workgroup.database import db
from workgroup.jobs.models import Job, JobState
from workgroup.lifecycle import flow
from workgroup.notifications.kinds import Delivery
from workgroup.notifications.models import UnsubscribeToken


def test_the_mail_of_a_ballot_has_all_that_programs_and_people_need(app, post, deliver):
    ballot_id = a_day_of_work(app)

    deliver()

    [mail] = [one for one in post.to(HANA) if "vote" in one["Subject"]]
    page = f"http://127.0.0.1:8000/c/{cast.SLUG}/ballots/{ballot_id}"
    sentence = "Olivia Okafor asks for your vote on “Women’s empowerment”."
    assert mail["Subject"] == f"Trilateral Working Group: {sentence}"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Precedence"] is None
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.get_content_type() == "multipart/alternative"
    for part in (mailbox.text(mail), mailbox.html(mail)):
        assert sentence in part
        assert page in part
        assert " JST" in part
        assert "E-mail settings" in part
        assert mail["List-Unsubscribe"].strip("<>") in part
    assert '<html lang="en">' in mailbox.html(mail)
    assert not re.search(r"""\b(src|style)=|url\(|@import|<link""", mailbox.html(mail))
    assert CANARY not in mail.as_string()
    assert {one["To"] for one in post.messages} == {
        cast.address(name) for name in ("amy", "hana", "minjun")
    }


def test_a_retried_mail_is_the_same_mail(app, post, deliver, monkeypatch):
    """The server took it and the answer was lost: the second try has the same id."""
    a_day_of_work(app)
    deliver()
    before = sorted(one["Message-ID"] for one in post.messages)
    with app.app_context():
        assert {job.state for job in db.session.scalars(select(Job))} == {JobState.DONE}
        kept = [set(job.payload) for job in db.session.scalars(select(Job))]
        assert kept == [{"to", "key"}] * len(kept)

    deliver()

    assert sorted(one["Message-ID"] for one in post.messages) == before
    assert len(set(before)) == len(before)


def test_one_click_in_a_mail_program_stops_that_kind_and_nothing_else(
    app, post, deliver
):
    app.config["WTF_CSRF_ENABLED"] = True
    a_day_of_work(app)
    deliver()
    [mail] = [one for one in post.to(HANA) if "vote" in one["Subject"]]
    link = mail["List-Unsubscribe"].strip("<>")
    anybody = app.test_client()

    looked = anybody.get(link)
    with app.app_context():
        chosen_by_looking = db.session.scalars(select(UnsubscribeToken.used_at)).all()
    answer = anybody.post(link, data={"List-Unsubscribe": "One-Click"})
    again = anybody.post(link, data={"List-Unsubscribe": "One-Click"})
    later = clock.now() + timedelta(minutes=20)
    with clock.pretend(later):
        a_day_of_work(app)
        deliver()

    assert set(chosen_by_looking) == {None}
    assert "Stop these e-mails" in looked.text
    assert (answer.status_code, again.status_code) == (200, 200)
    assert ["vote" in one["Subject"] for one in post.to(HANA)].count(True) == 1
    assert ["comment" in one["Subject"] for one in post.to(HANA)].count(True) == 2
    assert HANA not in looked.text + answer.text
    token = link.rpartition("/")[2]
    with app.app_context():
        assert token not in str(db.session.execute(select(UnsubscribeToken)).all())
        hashes = db.session.scalars(select(UnsubscribeToken.token_hash)).all()
        assert token not in hashes


def test_a_link_that_was_never_given_out_stops_nothing(app):
    for method in ("get", "post"):
        answer = getattr(app.test_client(), method)("/unsubscribe/" + "x" * 43)
        assert answer.status_code == 404


def test_the_mail_is_written_in_its_readers_language(app, post, deliver, monkeypatch):
    """Only English is translated now; the moment's pattern shows whose language it is."""
    monkeypatch.setattr(i18n, "LANGUAGES", ["en", "ja"])
    with app.app_context():
        db.session.execute(update(User).where(User.email == HANA).values(language="ja"))
        db.session.commit()
    a_day_of_work(app)

    deliver()

    assert all('<html lang="ja">' in mailbox.html(one) for one in post.to(HANA))
    assert re.search(
        r"20\d\d年\d+月\d+日\(.\) \d\d:\d\d JST", mailbox.text(post.to(HANA)[0])
    )
    assert '<html lang="en">' in mailbox.html(post.to(cast.address("amy"))[0])


def test_an_invitation_leaves_as_text_and_html_with_its_link(app, as_, post, deliver):
    answer = as_("olivia").post(
        f"/c/{cast.SLUG}/people/invite",
        data={"email": "nao@new.example", "roles": ["observer"]},
        follow_redirects=True,
    )

    deliver()

    [mail] = post.to("nao@new.example")
    [link] = set(
        re.findall(
            r"http://127.0.0.1:8000/invitations/\S+(?=[\s\"<])", mailbox.text(mail)
        )
    )
    assert link in mailbox.html(mail)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    assert "is ready" in answer.text
    assert "It is being sent by e-mail" in answer.text


def test_a_reopened_section_is_mailed_without_its_reason(app, post, deliver):
    with app.app_context():
        section = a_section()
        section.subgroup_id = person("hana").subgroup_id
        flow.freeze(section, person("olivia"))
        flow.reopen(section, person("olivia"), CANARY)
        db.session.commit()

    deliver()

    assert [mail["Subject"].partition(": ")[2] for mail in post.to(HANA)] == [
        "Olivia Okafor reopened “Women’s empowerment” for editing.",
    ]
    assert all(CANARY not in mail.as_string() for mail in post.messages)


def test_one_click_in_the_daily_mail_stops_what_comes_daily_and_nothing_else(
    app, post, deliver
):
    choose(app, "hana", ballot_opened=Delivery.DAILY)
    a_day_of_work(app)
    deliver()
    with clock.pretend(clock.now() + timedelta(days=1)):
        deliver(morning=True)
    [daily] = [one for one in post.to(HANA) if "vote" in one["Subject"]]

    answer = app.test_client().post(
        daily["List-Unsubscribe"].strip("<>"), data={"List-Unsubscribe": "One-Click"}
    )
    post.messages.clear()
    with clock.pretend(clock.now() + timedelta(days=2)):
        a_day_of_work(app)
        deliver()
    with clock.pretend(clock.now() + timedelta(days=3)):
        deliver(morning=True)

    assert daily["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "You will no longer get the daily e-mail." in answer.text
    assert ["comment" in one["Subject"] for one in post.to(HANA)] == [True]
