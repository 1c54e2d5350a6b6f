"""What can be done with invitations: offer, send again, withdraw, accept once.

Only the hash of a token is stored, so nobody can accept an invitation from a copy of the database.
The server computes the token with its secret key: so it can give a link again if the first answer
was lost, without making the one in the mail invalid.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import UTC, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from workgroup import clock
from workgroup.accounts import services as accounts
from workgroup.accounts.mailbox import normal_address
from workgroup.accounts.models import User
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.cohorts import queries
from workgroup.cohorts.models import Invitation, Membership
from workgroup.cohorts.roles import Assignment
from workgroup.cohorts.services import check_assignment
from workgroup.database import db
from workgroup.errors import DomainError

LIFETIME = timedelta(days=7)


class AlreadyInsideError(DomainError):
    """The invited person is a member of the cohort already."""


class InvitationSpentError(DomainError):
    """The invitation was accepted, withdrawn or replaced, or it is too old."""


class WrongPersonError(DomainError):
    """The invitation is for another address."""


def digest(token: str) -> str:
    """Return the stored form of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(invitation: Invitation) -> str:
    """Return the token of an invitation's link.

    An id alone would not do: a database that is restored from a backup gives it out again.
    """
    made = invitation.created_at.astimezone(UTC).isoformat()
    about = f"invitation {invitation.id} {made} {invitation.email}".encode()
    key = str(current_app.config["SECRET_KEY"]).encode()
    sealed = hmac.digest(key, about, "sha256")
    return urlsafe_b64encode(sealed).decode().rstrip("=")


def invite(organizer: Membership, email: str, assignment: Assignment) -> Invitation:
    """Offer an assignment to an address; the link to it is shown once.

    An open invitation to the same address is replaced: its link no longer works.

    Raises:
        AssignmentError: the assignment breaks a rule.
        AlreadyInsideError: the address belongs to a member.
    """
    check_assignment(organizer.cohort_id, assignment)
    email = normal_address(email)
    if queries.is_living_member(organizer.cohort_id, email):
        raise AlreadyInsideError(_("%(email)s is already in this cohort.", email=email))
    # First, for the database takes one open invitation of an address to a cohort.
    _withdraw_open(organizer.cohort_id, email)
    now = clock.now()
    invitation = Invitation(
        cohort=organizer.cohort,
        email=email,
        roles=assignment.roles,
        delegation_id=assignment.delegation_id,
        subgroup_id=assignment.subgroup_id,
        token_hash=digest(secrets.token_urlsafe()),  # until it has an id
        invited_by=organizer,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    db.session.add(invitation)
    db.session.flush()
    invitation.token_hash = digest(token_of(invitation))
    db.session.flush()
    _note(Act.INVITATION_SENT, invitation, organizer.user_id)
    return invitation


def replacement_of(invitation: Invitation) -> Invitation | None:
    """Return the open invitation by which this one has been replaced; it offers the same.

    Locks the invitation, so that of two simultaneous replacements the second finds the first.
    """
    queries.lock(invitation, "revoked_at")
    if invitation.revoked_at is None:
        return None
    now, offered = clock.now(), _offered(invitation)
    for newer in queries.open_invitations(invitation.cohort_id):
        same = newer.email == invitation.email and _offered(newer) == offered
        if same and newer.is_open(now):
            return newer
    return None


def send_again(organizer: Membership, invitation: Invitation) -> Invitation:
    """Replace an invitation by one with a new token, valid for another seven days.

    Raises:
        InvitationSpentError: it was accepted, withdrawn or replaced meanwhile.
    """
    # An invitation that is merely too old can be sent again: that is what it is for.
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        raise InvitationSpentError(_("This invitation is no longer valid."))
    return invite(organizer, invitation.email, _offered(invitation))


def withdraw(organizer: Membership, invitation: Invitation) -> None:
    """Withdraw an invitation: its link no longer works. Safe to repeat.

    Raises:
        InvitationSpentError: it was accepted or replaced meanwhile.
    """
    # One statement with its conditions: of a withdrawal and an acceptance at the same moment one
    # succeeds, and the other reads below what became of the invitation.
    withdrawn = db.session.scalars(
        update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now())
        .returning(Invitation.id)
    ).all()
    if withdrawn:
        _note(Act.INVITATION_WITHDRAWN, invitation, organizer.user_id)
        return
    db.session.refresh(invitation, ["accepted_at"])
    if invitation.accepted_at is not None:
        raise InvitationSpentError(
            _(
                "This invitation has just been accepted. Reload the page to see the current list."
            )
        )
    others = queries.open_invitations(invitation.cohort_id)
    if any(one.email == invitation.email for one in others):
        raise InvitationSpentError(
            _(
                "This invitation was replaced by a newer one, which is still open. Reload the page to withdraw that one."
            )
        )


def accept(invitation: Invitation, person: User) -> Membership:
    """Accept the assignment that was offered; of two simultaneous attempts one succeeds.

    Raises:
        WrongPersonError: the invitation is for another address.
        InvitationSpentError: it is no longer open.
        AlreadyInsideError: the person is a member of the cohort.
    """
    if person.email != invitation.email:
        raise WrongPersonError(
            _(
                "This invitation is for a different e-mail address. Sign in with that one."
            )
        )
    # Before anything is created: it locks the row that a second attempt waits for.
    _spend(invitation)
    membership = Membership(
        cohort_id=invitation.cohort_id,
        user_id=person.id,
        roles=invitation.roles,
        delegation_id=invitation.delegation_id,
        subgroup_id=invitation.subgroup_id,
        joined_at=clock.now(),
    )
    # The constraint decides, since a membership may be created between a look and the insert. The
    # caller does not commit after the error, so the invitation stays open.
    try:
        with db.session.begin_nested():
            db.session.add(membership)
    except IntegrityError as inside:
        raise AlreadyInsideError(_("You are already in this cohort.")) from inside
    _note(Act.INVITATION_ACCEPTED, invitation, person.id)
    return membership


def accept_as_newcomer(
    invitation: Invitation,
    name: str,
    password_hash: str,
    *,
    zone: str = "UTC",
    language: str = "en",
) -> User:
    """Create the account of the invited address and accept the assignment.

    Raises:
        InvitationSpentError: the invitation is no longer open.
        AddressTakenError: the address got an account meanwhile.
    """
    person = accounts.create_user(
        invitation.email, password_hash, printed_name=name, invited=True
    )
    person.time_zone, person.language = zone, language
    accept(invitation, person)
    return person


def _offered(invitation: Invitation) -> Assignment:
    return Assignment(
        invitation.roles, invitation.delegation_id, invitation.subgroup_id
    )


def _spend(invitation: Invitation) -> None:
    """Mark the invitation accepted if it is open at this moment, in one statement."""
    now = clock.now()
    spent = db.session.scalars(
        update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(accepted_at=now)
        .returning(Invitation.id)
    ).all()
    if not spent:
        raise InvitationSpentError(
            _("This invitation is no longer valid. Ask the organizer for a new one.")
        )


def _withdraw_open(cohort_id: int, email: str) -> None:
    db.session.execute(
        update(Invitation)
        .where(
            Invitation.cohort_id == cohort_id,
            Invitation.email == email,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now())
    )


def _note(act: Act, invitation: Invitation, by: int) -> None:
    acts.note(act, invitation.id, by=by, cohort_id=invitation.cohort_id)
