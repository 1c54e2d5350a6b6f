import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import cast
from workgroup import bus, clock
from workgroup.accounts import queries as accounts
from workgroup.acts import queries as acts
from workgroup.cohorts import invitations, queries
from workgroup.cohorts.models import Invitation, Membership
from workgroup.cohorts.roles import Assignment, Role
from workgroup.cohorts.services import AssignmentError
from workgroup.database import db
from workgroup.jobs.models import Job

RIGHTS = bus.topic(bus.Aspect.PEOPLE, 1)

PEOPLE = f"/c/{cast.SLUG}/people"
NEW = {"email": "Nao@New.Example", "roles": ["member"], "subgroup": ""}
ARRIVAL = {"printed_name": "Nao Nakano", "password": "a long enough password"}
MEMBER = frozenset({Role.MEMBER})


def delegation_id(code="JP"):
    cohort_id = db.session.get(Membership, 1).cohort_id
    [found] = [one.id for one in queries.delegations(cohort_id) if one.code == code]
    return found


@pytest.fixture
def invite(app, as_):
    """Invite someone as Olivia in the browser; returns the path of the link."""

    def send(**change):
        with app.app_context():
            japan = delegation_id()
        olivia = as_("olivia")
        answer = olivia.post(
            f"{PEOPLE}/invite", data=NEW | {"delegation": japan} | change
        )
        assert answer.status_code == 303, answer.text
        page = olivia.get(PEOPLE).text
        return re.search(r"http://127.0.0.1:8000(/invitations/[\w-]+)", page).group(1)

    return send


def test_an_invitation_is_mailed_shown_once_and_stored_as_a_hash(app, as_, invite):
    link = invite()

    token = link.rpartition("/")[2]
    assert token not in as_("olivia").get(PEOPLE).text
    with app.app_context():
        [invitation] = db.session.scalars(select(Invitation))
        [mail] = db.session.scalars(select(Job).where(Job.kind == "mail"))
        assert invitation.email == "nao@new.example"
        assert invitation.token_hash == invitations.digest(token)
        assert token not in repr(vars(invitation))
        assert mail.payload["to"] == "nao@new.example"
        assert link in mail.payload["body"]
        assert "Olivia Okafor" in mail.payload["body"]


def test_opening_the_link_changes_nothing(app, invite):
    link = invite()

    first, second = app.test_client().get(link), app.test_client().get(link)

    assert first.status_code == second.status_code == 200
    assert "Olivia Okafor has invited you" in first.text
    with app.app_context():
        [invitation] = db.session.scalars(select(Invitation))
        assert invitation.accepted_at is None


def test_a_newcomer_accepts_and_is_signed_in(app, invite):
    visitor, link = app.test_client(), invite()
    with app.app_context():
        [before] = bus.revisions([RIGHTS]).values() or [0]

    answer = visitor.post(link, data=ARRIVAL)

    assert answer.location == f"/c/{cast.SLUG}/"
    assert "Nao Nakano" in visitor.get(PEOPLE).text
    with app.app_context():
        person = accounts.find_user("nao@new.example")
        membership = queries.find_membership(cast.SLUG, person.id)
        assert membership.roles == MEMBER
        assert membership.delegation.code == "JP"
        assert bus.revisions([RIGHTS])[RIGHTS] == before + 1


def test_the_log_has_a_newcomers_account_and_that_the_invitation_was_accepted(
    app, invite
):
    app.test_client().post(invite(), data=ARRIVAL)

    with app.app_context():
        nao = accounts.find_user("nao@new.example").id
        done = [
            (one.actor, one.action, one.subject) for one in acts.records_after(0, 100)
        ]
    assert done[-2:] == [
        (f"person:{nao}", "account.created", f"account:{nao}"),
        (f"person:{nao}", "invitation.accepted", "invitation:1"),
    ]


@pytest.mark.parametrize(
    ("sent", "kept"), [({"time_zone": "Asia/Tokyo"}, "Asia/Tokyo"), ({}, "UTC")]
)
def test_a_newcomers_times_show_in_the_zone_that_the_form_names(
    app, invite, sent, kept
):
    app.test_client().post(invite(), data=ARRIVAL | sent)

    with app.app_context():
        assert accounts.find_user("nao@new.example").time_zone == kept


def test_a_newcomer_can_sign_in_with_the_new_password(app, invite):
    app.test_client().post(
        invite(), data=ARRIVAL | {"password": "パスワード十文字以上です"}
    )
    visitor = app.test_client()

    answer = visitor.post(
        "/account/sign-in",
        data={"email": "nao@new.example", "password": "パスワード十文字以上です"},
    )

    assert answer.status_code == 302
    assert visitor.get(PEOPLE).status_code == 200


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"password": "short"}, "10 characters"), ({"printed_name": "  "}, "Enter your name.")],
)  # fmt: skip
def test_a_newcomers_form_says_what_to_enter(app, invite, change, sentence):
    answer = app.test_client().post(invite(), data=ARRIVAL | change)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_somebody_with_an_account_signs_in_first(app, as_, invite):
    link = invite(email=cast.address("sam"))

    stranger = app.test_client().get(link)
    posted = app.test_client().post(link, data=ARRIVAL)
    sam = as_("sam").post(link)

    assert "Sign in to accept" in stranger.text
    assert posted.status_code == 409
    assert sam.location == f"/c/{cast.SLUG}/"


def test_an_invitation_is_only_for_its_address(app, as_, invite):
    link = invite()

    shown, posted = as_("sam").get(link), as_("sam").post(link)

    assert "You are signed in as sam@cast.example" in shown.text
    assert posted.status_code == 409
    with app.app_context():
        assert not queries.is_living_member(1, cast.address("sam"))
        [invitation] = db.session.scalars(select(Invitation))
        assert invitation.accepted_at is None


def test_every_invalid_link_gets_the_same_answer(app, as_, invite):
    used, replaced, olivia = invite(email="a@b.example"), invite(), as_("olivia")
    app.test_client().post(used, data=ARRIVAL)
    withdrawn = invite()  # the same address again: the older link is dead
    with app.app_context():
        last = db.session.scalars(
            select(Invitation.id).order_by(Invitation.id.desc())
        ).first()
    olivia.post(f"/c/{cast.SLUG}/invitations/{last}/withdraw")

    answers = [
        app.test_client().get(link)
        for link in (used, replaced, withdrawn, "/invitations/unknown")
    ]

    assert {answer.status_code for answer in answers} == {410}
    token = re.compile('name="csrf-token" content="[^"]*"')
    assert len({token.sub("", answer.text) for answer in answers}) == 1
    assert "ask the organizer for a new one" in answers[0].text


def test_a_link_older_than_seven_days_is_invalid(app, invite):
    link, later = invite(), clock.now() + timedelta(days=7, seconds=1)

    with clock.pretend(later):
        answer = app.test_client().post(link, data=ARRIVAL)

    assert answer.status_code == 410
    with app.app_context():
        assert accounts.find_user("nao@new.example") is None


def test_a_new_link_replaces_the_old_one(app, as_, invite):
    old, olivia = invite(), as_("olivia")

    olivia.post(f"/c/{cast.SLUG}/invitations/1/again")

    page = olivia.get(PEOPLE).text
    new = re.search(r"http://127.0.0.1:8000(/invitations/[\w-]+)", page).group(1)
    assert app.test_client().get(old).status_code == 410
    assert app.test_client().get(new).status_code == 200


def test_a_member_who_opens_the_used_link_goes_to_the_cohort(app, invite):
    visitor, link = app.test_client(), invite()
    visitor.post(link, data=ARRIVAL)

    again = visitor.get(link)

    assert again.location == f"/c/{cast.SLUG}/"


@pytest.mark.both_databases
def test_of_two_who_accept_at_once_one_does(session):
    olivia = queries.find_membership(cast.SLUG, 1)
    assignment = Assignment(MEMBER, delegation_id())
    invitation = invitations.invite(olivia, "nao@new.example", assignment)
    session.commit()
    invitations.accept_as_newcomer(invitation, "Nao", "a hash")

    with pytest.raises(invitations.InvitationSpentError):
        invitations.accept(invitation, accounts.find_user("nao@new.example"))

    session.commit()
    found = session.scalars(
        select(Membership).where(Membership.delegation_id == assignment.delegation_id)
    ).all()
    assert len(found) == 2  # Hana and Nao, once


@pytest.mark.parametrize(
    ("roles", "code", "sentence"),
    [
        (set(), None, "at least one role"),
        ({Role.MEMBER}, None, "Members vote as part of a delegation"),
        ({Role.MEMBER, Role.ORGANIZER}, None, "Members vote as part of a delegation"),
        ({Role.OBSERVER}, "JP", "Only members have a delegation"),
        ({Role.PUBLISHER, Role.ORGANIZER}, "JP", "Only members have a delegation"),
    ],
)
def test_an_assignment_against_the_rules_is_refused(session, roles, code, sentence):
    olivia = queries.find_membership(cast.SLUG, 1)
    assignment = Assignment(frozenset(roles), delegation_id(code) if code else None)

    with pytest.raises(AssignmentError, match=sentence):
        invitations.invite(olivia, "nao@new.example", assignment)


@pytest.mark.parametrize(
    ("mail_server", "sentence", "other"),
    [
        ("", "This server does not send e-mail.", "being sent"),
        ("smtp://mail.example", "It is being sent by e-mail.", "does not send"),
    ],
)
def test_the_page_states_correctly_whether_the_link_is_mailed(
    app, as_, mail_server, sentence, other
):
    app.config["SMTP_URL"] = mail_server
    olivia = as_("olivia")

    olivia.post(f"{PEOPLE}/invite", data=NEW | {"roles": "observer"})
    page = olivia.get(PEOPLE).text

    assert sentence in page
    assert other not in page


def test_a_refused_invitation_keeps_what_was_typed(app, as_):
    olivia = as_("olivia")

    missing = olivia.post(f"{PEOPLE}/invite", data=NEW)
    wrong = olivia.post(f"{PEOPLE}/invite", data=NEW | {"email": "nao@"})
    inside = olivia.post(
        f"{PEOPLE}/invite", data={"email": cast.address("paul"), "roles": "observer"}
    )

    assert missing.status_code == inside.status_code == 409
    assert "nao@new.example" in missing.text
    assert wrong.status_code == 422
    assert "Enter the full e-mail address" in wrong.text
    assert "is already in this cohort" in inside.text
    with app.app_context():
        assert db.session.scalars(select(Invitation)).all() == []
