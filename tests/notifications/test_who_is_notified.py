"""Who gets a notice of what: those concerned, never the actor, never who has left."""

from datetime import timedelta

import pytest

from tests import cast
from tests.deciding.building import a_ballot, a_section, a_version, person
from tests.notifications.notices import names, notices, write_notices
from workgroup import clock
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.cohorts import services as cohorts
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.deciding import services as voting
from workgroup.deciding.rules import TWO_THIRDS_AND_EACH_DELEGATION, Position
from workgroup.discussion import services as discussion
from workgroup.discussion.quotations import Quotation
from workgroup.drafting.models import Section
from workgroup.lifecycle import flow
from workgroup.notifications import log_reader
from workgroup.notifications.kinds import NoticeKind
from workgroup.textlog.checksums import checksum
from workgroup.textlog.models import Stream, Update, Writer

pytestmark = pytest.mark.both_databases

MEMBERS = {"amy", "hana", "minjun"}


def a_thread(section, author):
    return discussion.open_thread(section, author, "Why so?", Quotation("", "", ""))


def remind():
    log_reader.remind()
    db.session.commit()


def of_the_subgroup(section):
    section.subgroup_id = person("hana").subgroup_id
    return section


def test_a_ballot_that_opens_notifies_its_electors(session):
    a_ballot()
    session.commit()

    write_notices()

    assert names(NoticeKind.BALLOT_OPENED) == MEMBERS


def test_an_organizer_who_votes_gets_no_notice_of_the_ballot_that_she_opened(
    session, olivia, hana
):
    section = a_section()
    a_version(section)
    hana.roles = hana.roles | olivia.roles
    in_two_days = clock.now() + timedelta(days=2)
    flow.put_to_vote(section, hana, TWO_THIRDS_AND_EACH_DELEGATION, in_two_days)
    session.commit()

    write_notices()

    assert names(NoticeKind.BALLOT_OPENED) == MEMBERS - {"hana"}


def test_a_former_member_gets_no_notice(session, olivia, hana):
    a_ballot()
    cohorts.remove(olivia, hana)
    session.commit()

    write_notices()

    assert names(NoticeKind.BALLOT_OPENED) == MEMBERS - {"hana"}


def test_a_reply_notifies_the_starter_and_earlier_commenters(
    session, olivia, amy, hana, minjun
):
    section = a_section()
    thread = a_thread(section, hana)
    discussion.reply(thread, amy, "Because.")
    session.commit()
    write_notices()
    assert notices() == {("hana", "thread-answered")}

    discussion.reply(thread, minjun, "I see.")
    session.commit()
    write_notices()

    assert notices() == {
        ("hana", "thread-answered"),
        ("amy", "thread-continued"),
    }


def test_a_person_who_replies_has_read_the_thread(session, amy, hana):
    thread = a_thread(a_section(), hana)
    discussion.reply(thread, amy, "Because.")
    session.commit()
    write_notices()

    discussion.reply(thread, hana, "Thank you.")
    session.commit()
    write_notices()

    assert notices(unread=True) == {("amy", "thread-continued")}


def test_a_frozen_section_notifies_its_subgroup(session, olivia):
    section = of_the_subgroup(a_section())
    flow.freeze(section, olivia)
    session.commit()

    write_notices()

    assert notices() == {(name, "section-frozen") for name in MEMBERS}


def test_without_a_subgroup_it_notifies_those_who_wrote_in_it(
    session, olivia, hana, amy
):
    section = a_section()
    for number, member in enumerate((hana, amy), 1):
        session.add(
            Writer(
                stream_id=section.stream_id,
                client_id=number,
                user_id=member.user_id,
                created_at=clock.now(),
            )
        )
    session.flush()
    seed = session.get_one(Update, (section.stream_id, 1))
    row = {"stream_id": seed.stream_id, "seq": 2, "client_id": 1, "n": 1}
    row |= {"tag": seed.tag, "data": seed.data}
    session.add(Update(**row, at=seed.at, checksum=checksum(**row)))
    session.get_one(Stream, section.stream_id).last_seq = 2
    session.flush()
    flow.freeze(section, olivia)
    session.commit()

    write_notices()

    assert notices() == {("hana", "section-frozen")}


def test_reopening_and_rejecting_notify_the_subgroup_and_nobody_else(session, olivia):
    section = of_the_subgroup(a_section())
    a_version(section)
    in_two_days = clock.now() + timedelta(days=2)
    ballot = flow.put_to_vote(
        section, olivia, TWO_THIRDS_AND_EACH_DELEGATION, in_two_days
    )
    flow.close(ballot, by=None)
    flow.reopen(section, olivia, "A figure is wrong.")
    session.commit()

    write_notices()

    assert names(NoticeKind.SECTION_REJECTED) == MEMBERS
    assert names(NoticeKind.SECTION_REOPENED) == MEMBERS


def test_one_click_that_freezes_and_opens_leaves_the_voters_one_unread_notice(
    session, olivia
):
    section = of_the_subgroup(a_section())
    in_two_days = clock.now() + timedelta(days=2)
    flow.put_to_vote(section, olivia, TWO_THIRDS_AND_EACH_DELEGATION, in_two_days)
    session.commit()

    write_notices()

    assert notices(unread=True) == {(name, "ballot-opened") for name in MEMBERS}


def test_a_voter_no_longer_needs_the_notice_of_the_ballot(session, hana):
    ballot = a_ballot()
    session.commit()
    write_notices()

    voting.cast_vote(ballot, hana, Position.SUPPORT, "")
    session.commit()
    write_notices()

    assert names(NoticeKind.BALLOT_OPENED, unread=True) == MEMBERS - {"hana"}


def test_a_ballot_that_has_ended_no_longer_asks_anybody(session, olivia):
    ballot = a_ballot()
    session.commit()
    write_notices()

    flow.close(ballot, by=olivia)
    session.commit()
    write_notices()

    assert names(NoticeKind.BALLOT_OPENED, unread=True) == set()


@pytest.mark.parametrize(
    ("runs_for", "before_the_end", "reminded"),
    [
        (timedelta(days=2), timedelta(hours=25), False),
        (timedelta(days=2), timedelta(hours=23), True),
        (timedelta(hours=30), timedelta(hours=11), False),
        (timedelta(hours=30), timedelta(hours=9), True),
        (timedelta(hours=5), timedelta(minutes=5), False),
    ],
)
def test_electors_without_a_vote_are_reminded_once_before_the_end(
    session, hana, runs_for, before_the_end, reminded
):
    ballot = a_ballot(closes_in=runs_for)
    voting.cast_vote(ballot, hana, Position.SUPPORT, "")
    session.commit()

    with clock.pretend(ballot.closes_at - before_the_end):
        remind()
        remind()

    expected = MEMBERS - {"hana"} if reminded else set()
    assert names(NoticeKind.BALLOT_CLOSING) == expected


def test_nobody_is_reminded_of_a_canceled_ballot(session, olivia):
    ballot = a_ballot()
    flow.reopen(session.get(Section, ballot.section_id), olivia, "A figure is wrong.")
    session.commit()

    with clock.pretend(ballot.closes_at - timedelta(hours=2)):
        remind()

    assert notices() == set()


def test_another_cohort_gets_no_notice(session):
    a_ballot()
    session.commit()

    write_notices()

    sam = session.query(Membership).join(Membership.user)
    assert sam.filter_by(email=cast.address("sam")).one()
    assert "sam" not in {name for name, _ in notices()}


def test_a_section_that_is_gone_notifies_nobody(session, olivia):
    acts.note(
        Act.SECTION_FROZEN,
        999,
        by=olivia.user_id,
        cohort_id=olivia.cohort_id,
        stream_id=7,
    )
    session.commit()

    write_notices()

    assert notices() == set()
