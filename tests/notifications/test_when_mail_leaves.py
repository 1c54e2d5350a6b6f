"""When a mail about notices leaves: at once, gathered, each morning, or never."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from tests import cast
from tests.deciding.building import a_ballot, person
from tests.notifications import mailbox
from tests.notifications.notices import write_notices
from tests.notifications.work import HANA, a_day_of_work, choose, daily
from workgroup import clock
from workgroup.cohorts import services as cohorts
from workgroup.database import db
from workgroup.deciding import services as voting
from workgroup.deciding.rules import Position
from workgroup.drafting.models import Section
from workgroup.jobs.models import Job, JobState
from workgroup.lifecycle import flow
from workgroup.notifications import log_reader, mailing, waiting
from workgroup.notifications.catalogue import mailed
from workgroup.notifications.kinds import Delivery, MailState, NoticeKind
from workgroup.notifications.models import Notice

TOKYO = ZoneInfo("Asia/Tokyo")


def test_the_first_leaves_at_once_and_those_of_ten_minutes_are_one_mail(
    app, post, deliver
):
    start = clock.now()
    for minute in range(4):
        with clock.pretend(start + timedelta(minutes=2 * minute)):
            with app.app_context():
                a_ballot(f"Section {minute}")
                db.session.commit()
            deliver()
    within = len(post.to(HANA))

    with clock.pretend(start + timedelta(minutes=11)):
        deliver()

    first, gathered = post.to(HANA)
    assert within == 1
    assert "Section 0" in mailbox.text(first)
    assert gathered["Subject"] == "Trilateral Working Group: 3 new notices"
    assert [f"Section {n}" in mailbox.text(gathered) for n in range(4)] == [
        False, True, True, True,
    ]  # fmt: skip


@pytest.mark.both_databases
def test_a_worker_that_comes_late_sends_no_second_mail_within_ten_minutes(app, post):
    """It found the first notice due; by its turn another has mailed that one, and a new one is there."""
    with app.app_context():
        a_ballot("Section 0")
        db.session.commit()
        write_notices()
        found_by_both = waiting.due_at_once(clock.now())
        for group in found_by_both:
            mailing.send_at_once(group)
        a_ballot("Section 1")
        db.session.commit()
        write_notices()

        for group in found_by_both:
            mailing.send_at_once(group)
        db.session.commit()

        sent = db.session.query(Job).filter_by(kind="mail").count()
        kept = db.session.query(Notice).filter_by(mail=MailState.WAITING).count()
        db.session.execute(
            update(Job).values(state=JobState.DONE)
        )  # the mails have left
        with clock.pretend(clock.now() + timedelta(minutes=11)):
            due_later = waiting.due_at_once(clock.now())
    assert sent == len(found_by_both) == 3
    assert kept == 3
    assert due_later == found_by_both


def test_what_was_read_or_done_meanwhile_is_not_mailed(app, post, deliver):
    start = clock.now()
    with app.app_context():
        a_ballot("Section 0")
        db.session.commit()
    deliver()
    with app.app_context():
        voted = a_ballot("Section 1")
        db.session.commit()
        write_notices()
        voting.cast_vote(voted, person("hana"), Position.SUPPORT, "")
        db.session.commit()

    with clock.pretend(start + timedelta(minutes=11)):
        deliver()

    assert len(post.to(HANA)) == 1
    assert len(post.to(cast.address("amy"))) == 2


def test_a_former_member_gets_no_more_mail(app, post, deliver):
    with app.app_context():
        a_ballot()
        db.session.commit()
        write_notices()
        cohorts.remove(person("olivia"), person("hana"))
        db.session.commit()

    deliver()

    assert post.to(HANA) == []


def test_a_kind_that_is_off_is_never_mailed(app, post, deliver):
    choose(app, "hana", ballot_opened=Delivery.OFF)
    a_day_of_work(app)

    deliver(morning=True)

    assert [mail["Subject"] for mail in post.to(HANA)] == [
        "Trilateral Working Group: Amy Adler replied to your comment on “Space policy”."
    ]


def test_the_daily_mail_leaves_once_at_seven_where_the_reader_is(app, post, deliver):
    daily(app, "hana")
    with clock.pretend(datetime(2026, 11, 26, 21, 0, tzinfo=TOKYO)):
        a_day_of_work(app)
        deliver(morning=True)
    evening = len(post.to(HANA))
    for hour, minute in ((6, 59), (7, 0), (7, 1), (23, 0)):
        with clock.pretend(datetime(2026, 11, 27, hour, minute, tzinfo=TOKYO)):
            deliver(morning=True)
            if hour == 6:
                assert post.to(HANA) == []

    [mail] = post.to(HANA)
    assert evening == 0
    assert mail["Subject"] == "Trilateral Working Group: unread notices"
    assert "asks for your vote" in mailbox.text(mail)
    assert "replied to your comment" in mailbox.text(mail)


def test_one_mail_a_day_however_late_the_log_was_read(app, post, deliver):
    daily(app, "hana")
    with clock.pretend(datetime(2026, 11, 27, 6, 0, tzinfo=TOKYO)), app.app_context():
        a_ballot("Section 0")
        db.session.commit()
    with clock.pretend(datetime(2026, 11, 27, 7, 0, tzinfo=TOKYO)):
        deliver(morning=True)
        with (
            app.app_context()
        ):  # it happened before seven, too, but its notice is written now
            a_ballot("Section 1")
            db.session.commit()
            write_notices()
            early = clock.now() - timedelta(minutes=5)
            db.session.execute(
                update(Notice).where(Notice.mail == MailState.WAITING).values(at=early)
            )
            db.session.commit()
        deliver(morning=True)
    same_day = len(post.to(HANA))
    with clock.pretend(datetime(2026, 11, 28, 7, 0, tzinfo=TOKYO)):
        deliver(morning=True)

    assert same_day == 1
    assert len(post.to(HANA)) == 2


@pytest.mark.parametrize(
    ("day", "hour_in_utc"),
    [(7, 12), (8, 11)],  # New York puts its clocks forward on 8 March 2026
)
def test_seven_o_clock_follows_the_clocks_of_summer(
    app, post, deliver, day, hour_in_utc
):
    daily(app, "amy")
    new_york = ZoneInfo("America/New_York")
    with clock.pretend(datetime(2026, 3, day - 1, 20, 0, tzinfo=new_york)):
        with app.app_context():
            a_ballot()
            db.session.commit()
        deliver()

    seven = datetime(2026, 3, day, hour_in_utc, 0, tzinfo=ZoneInfo("UTC"))
    with clock.pretend(seven - timedelta(minutes=1)):
        deliver(morning=True)
    before = len(post.to(cast.address("amy")))
    with clock.pretend(seven):
        deliver(morning=True)

    assert before == 0
    assert len(post.to(cast.address("amy"))) == 1


def test_what_happened_long_ago_is_listed_and_not_mailed(app, post, deliver):
    with clock.pretend(clock.now() - timedelta(days=2)):
        a_day_of_work(app)

    deliver(morning=True)

    assert post.messages == []


AT_ONCE = {
    NoticeKind.BALLOT_OPENED,
    NoticeKind.BALLOT_CLOSING,
    NoticeKind.THREAD_ANSWERED,
    NoticeKind.SECTION_FROZEN,
    NoticeKind.SECTION_REOPENED,
    NoticeKind.SECTION_REJECTED,
    NoticeKind.NAMES_CHANGED,
    NoticeKind.TEXT_SET_ASIDE,
    NoticeKind.TEXT_UNREADABLE,
}


def test_what_needs_an_answer_is_mailed_at_once_and_the_rest_each_morning():
    assert mailed(Delivery.AT_ONCE) == AT_ONCE
    assert mailed(Delivery.DAILY) == set(NoticeKind) - AT_ONCE


def test_the_end_of_a_ballot_is_mailed_the_day_before_to_those_who_have_not_voted(
    app, post, deliver
):
    with app.app_context():
        ballot = a_ballot(closes_in=timedelta(days=3))
        voting.cast_vote(ballot, person("amy"), Position.SUPPORT, "")
        db.session.commit()
        closes = ballot.closes_at
    deliver()
    post.messages.clear()

    for left in (timedelta(hours=25), timedelta(hours=23), timedelta(hours=22)):
        with clock.pretend(closes - left):
            with app.app_context():
                log_reader.remind()
                db.session.commit()
            deliver()
            if left > timedelta(hours=24):
                assert post.messages == []

    assert {
        (one["To"], one["Subject"].partition(": ")[2]) for one in post.messages
    } == {
        (cast.address(name), "Reminder to vote on “Women’s empowerment”.")
        for name in ("hana", "minjun")
    }
    assert len(post.messages) == 2


def test_that_too_few_voted_is_mailed_at_once_and_not_as_a_rejection(
    app, post, deliver
):
    with app.app_context():
        ballot = a_ballot()
        section = db.session.get_one(Section, ballot.section_id)
        section.subgroup_id = person("hana").subgroup_id
        flow.close(ballot, by=None)
        db.session.commit()

    deliver()

    subjects = [one["Subject"].partition(": ")[2] for one in post.to(HANA)]
    assert subjects == ["“Women’s empowerment” was not adopted."]
