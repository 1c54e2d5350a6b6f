"""Who is notified once a person's place in the cohort has changed: removed, back again, with other roles."""

from datetime import timedelta

import pytest

from tests import cast
from tests.deciding.building import a_ballot, a_section, person
from tests.notifications.notices import names, notices, write_notices
from workgroup import clock
from workgroup.cohorts import invitations
from workgroup.cohorts import services as cohorts
from workgroup.cohorts.roles import Assignment, Role
from workgroup.discussion import services as discussion
from workgroup.discussion.quotations import Quotation
from workgroup.notifications import log_reader

pytestmark = pytest.mark.both_databases


def a_thread(author):
    return discussion.open_thread(a_section(), author, "Why so?", Quotation("", "", ""))


def come_back(olivia, name):
    """Remove somebody and let her accept another invitation."""
    gone = person(name)
    assignment = Assignment(gone.roles, gone.delegation_id, gone.subgroup_id)
    cohorts.remove(olivia, gone)
    invitation = invitations.invite(olivia, cast.address(name), assignment)
    return invitations.accept(invitation, gone.user)


def test_who_was_removed_and_came_back_is_notified_of_answers_again(
    session, olivia, amy, hana, minjun
):
    began, joined = (a_thread(author) for author in (hana, amy))
    discussion.reply(joined, hana, "I see.")
    session.commit()
    write_notices()
    come_back(olivia, "hana")

    for thread in (began, joined):
        discussion.reply(thread, minjun, "Because.")
    session.commit()
    write_notices()

    assert notices() >= {("hana", "thread-answered"), ("hana", "thread-continued")}


def test_who_was_removed_and_did_not_come_back_is_notified_of_none(
    session, olivia, hana, minjun
):
    thread = a_thread(hana)
    cohorts.remove(olivia, hana)

    discussion.reply(thread, minjun, "Because.")
    session.commit()
    write_notices()

    assert notices() == set()


@pytest.mark.parametrize("kind", ["ballot-opened", "ballot-closing"])
def test_an_elector_who_became_an_observer_is_not_asked_to_vote(
    session, olivia, hana, kind
):
    ballot = a_ballot()
    cohorts.move(olivia, hana, Assignment(frozenset({Role.OBSERVER})))
    session.commit()

    write_notices()
    with clock.pretend(ballot.closes_at - timedelta(hours=2)):
        log_reader.remind()

    assert names(kind) == {"amy", "minjun"}
