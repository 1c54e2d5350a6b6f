"""An invitation's link was on its way when the connection broke: it is given again."""

import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import cast
from tests.cohorts.test_inviting import ARRIVAL, PEOPLE
from tests.cohorts.test_inviting import invite as invite  # noqa: PLC0414 - a fixture
from workgroup import clock
from workgroup.cohorts import invitations as inviting
from workgroup.cohorts import queries
from workgroup.cohorts.models import Invitation
from workgroup.cohorts.roles import Assignment, Role
from workgroup.database import db
from workgroup.jobs.models import Job

OBSERVER = {"email": "nao@new.example", "roles": "observer", "form_key": "k" * 22}
WATCHING = Assignment(frozenset({Role.OBSERVER}))


def test_a_link_whose_answer_was_lost_is_given_again(app, as_):
    """The browser sends the form again; the cookie with the link never came."""
    for _ in range(2):
        olivia = as_("olivia")
        olivia.post(f"{PEOPLE}/invite", data=OBSERVER)
    page = olivia.get(PEOPLE).text

    link = re.search(r"http://127.0.0.1:8000(/invitations/[\w-]+)", page)[1]
    with app.app_context():
        assert len(db.session.scalars(select(Invitation)).all()) == 1
        [mail] = db.session.scalars(select(Job).where(Job.kind == "mail"))
        assert link in mail.payload["body"]
    assert app.test_client().post(link, data=ARRIVAL).status_code == 303


def test_a_new_link_whose_answer_was_lost_is_given_again(app, as_, invite):
    invite()

    for _ in range(2):
        olivia = as_("olivia")
        answer = olivia.post(f"/c/{cast.SLUG}/invitations/1/again")
        assert answer.status_code == 303
    page = olivia.get(PEOPLE).text

    link = re.search(r"http://127.0.0.1:8000(/invitations/[\w-]+)", page)[1]
    with app.app_context():
        assert len(db.session.scalars(select(Invitation)).all()) == 2
        mails = db.session.scalars(select(Job).where(Job.kind == "mail")).all()
        assert [link in mail.payload["body"] for mail in mails] == [False, True]
    assert app.test_client().post(link, data=ARRIVAL).status_code == 303


def test_an_invitation_to_something_else_is_no_new_link(as_, invite):
    """Another organizer has invited the same person as an observer meanwhile."""
    invite()
    as_("olivia").post(f"{PEOPLE}/invite", data=OBSERVER)

    answer = as_("olivia").post(f"/c/{cast.SLUG}/invitations/1/again")

    assert answer.status_code == 409


@pytest.mark.both_databases
def test_two_new_links_at_the_same_moment_are_one(app, as_, invite, monkeypatch):
    """The second has read the invitation before the first replaces it."""
    invite()
    page, answers = f"/c/{cast.SLUG}/invitations/1/again", []
    olivia, other = as_("olivia"), as_("olivia")
    find = queries.find_invitation

    def while_another_comes(*ids):
        monkeypatch.undo()
        found = find(*ids)
        # In a thread: a request inside another one would share its session.
        coming = threading.Thread(target=lambda: answers.append(other.post(page)))
        coming.start()
        coming.join()
        return found

    monkeypatch.setattr(queries, "find_invitation", while_another_comes)
    answers.append(olivia.post(page))

    assert [one.status_code for one in answers] == [303, 303]
    with app.app_context():
        assert len(db.session.scalars(select(Invitation)).all()) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"id": 7},
        {"email": "ken@new.example"},
        {"created_at": clock.now() + timedelta(microseconds=1)},
    ],
)
def test_no_two_invitations_share_a_link(session, olivia, change):
    """A database that is restored from a backup gives a number out again."""
    invitation = inviting.invite(olivia, "nao@new.example", WATCHING)
    about = {"id": invitation.id, "email": invitation.email}
    about["created_at"] = invitation.created_at

    other = Invitation(**about | change)

    assert inviting.token_of(Invitation(**about)) == inviting.token_of(invitation)
    assert inviting.token_of(other) != inviting.token_of(invitation)


def test_only_the_servers_key_makes_the_link(app, session, olivia, monkeypatch):
    invitation = inviting.invite(olivia, "nao@new.example", WATCHING)
    token = inviting.token_of(invitation)
    assert inviting.digest(token) == invitation.token_hash

    monkeypatch.setitem(app.config, "SECRET_KEY", "another key")

    assert inviting.token_of(invitation) != token


def test_a_link_that_only_its_mail_knows_is_not_made_up(app, as_):
    """It was made before the server computed links."""
    as_("olivia").post(f"{PEOPLE}/invite", data=OBSERVER)
    with app.app_context():
        [invitation] = db.session.scalars(select(Invitation))
        invitation.token_hash = inviting.digest("random")
        db.session.commit()

    again = as_("olivia")
    answer = again.post(f"{PEOPLE}/invite", data=OBSERVER)

    assert answer.status_code == 303
    assert "/invitations/" not in re.sub("/invitations/1/", "", again.get(PEOPLE).text)


def test_a_link_that_was_not_shown_yet_waits_for_the_organizer_who_asked_for_it(
    app, as_
):
    """The answer that should have shown it may be lost, and another person sign in."""
    with app.app_context():
        person = queries.find_membership(cast.SLUG, cast.user_id("hana"))
        person.roles |= {Role.ORGANIZER}
        db.session.commit()
    olivia, hana = as_("olivia"), as_("hana")
    olivia.post(f"{PEOPLE}/invite", data=OBSERVER)
    with olivia.session_transaction() as kept, hana.session_transaction() as hers:
        hers["invitation_link"] = kept["invitation_link"]

    assert "127.0.0.1:8000/invitations/" not in hana.get(PEOPLE).text
    assert "127.0.0.1:8000/invitations/" in olivia.get(PEOPLE).text
