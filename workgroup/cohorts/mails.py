"""The mails of a cohort, put into the outbox from their templates."""

from collections.abc import Iterable

from flask_babel import gettext as _

from workgroup import clock, letters, mail
from workgroup.accounts import queries as accounts
from workgroup.cohorts import queries
from workgroup.cohorts.attribution import Surface
from workgroup.cohorts.models import Invitation, Membership
from workgroup.cohorts.naming import Naming
from workgroup.database import db, reading_only
from workgroup.errors import DomainError
from workgroup.jobs.schedule import OutdatedError, Payload


class NoLongerOpenError(DomainError):
    """The invitation's link no longer works, so its mail would be of no use."""


class NoMailLeavesError(DomainError):
    """There is no mail server to send by."""


class NotGivenUpError(DomainError):
    """The mail was sent or is still being tried, so there is nothing to send again."""


def send_invitation(invitation: Invitation, organizer: Membership, link: str) -> None:
    """Put the mail with an invitation's link into the outbox.

    A person with an account gets it in his or her own language, a newcomer in the organizer's.
    """
    person = accounts.find_user(invitation.email)
    reader = letters.Reader(
        invitation.email, person.language if person else organizer.user.language
    )
    with letters.written_for(reader):
        inviter = Naming.outside(None).shown(organizer.user, Surface.PEOPLE)
        letters.send(
            "invitation",
            reader,
            _("Invitation to %(cohort)s", cohort=organizer.cohort.name),
            {"cohort": organizer.cohort, "inviter": str(inviter), "link": link},
            key=_key(invitation),
            about=mail.About("invitation", {"invitation": invitation.id}),
        )


def refresh(about: Payload) -> Payload:
    """Let an invitation's mail go out as it is while its link works.

    Raises:
        OutdatedError: it was accepted, withdrawn or replaced, or is too old.
    """
    with reading_only():
        invitation = db.session.get(Invitation, about["invitation"])
    if invitation is None or not invitation.is_open(clock.now()):
        raise OutdatedError
    return {}


INVITATION = mail.Sort(refresh)


def troubles(invitations: Iterable[Invitation]) -> dict[int, bool]:
    """Return whose mail has not been delivered, and whether the server has given up."""
    numbers = {_key(invitation): invitation.id for invitation in invitations}
    return mail.undelivered(numbers) if numbers else {}


def try_again(invitation: Invitation) -> None:
    """Try an undelivered invitation again, with the same link; locks the invitation.

    Raises:
        NoLongerOpenError: it was accepted, withdrawn or replaced, or is too old.
        NoMailLeavesError: this server does not send e-mail.
        NotGivenUpError: there is nothing to send again.
    """
    queries.lock(invitation, "accepted_at", "revoked_at", "expires_at")
    if not invitation.is_open(clock.now()):
        raise NoLongerOpenError(
            _(
                "The link in this e-mail no longer works, so it is not sent again. Create a new link, or invite %(email)s again.",
                email=invitation.email,
            )
        )
    if not mail.leaves():
        raise NoMailLeavesError(
            _(
                "This server does not send e-mail. Create a new link and send it to %(email)s yourself.",
                email=invitation.email,
            )
        )
    if not mail.try_again(_key(invitation)):
        raise NotGivenUpError(
            _(
                "The e-mail to %(email)s has not failed, so there is nothing to send again.",
                email=invitation.email,
            )
        )


def _key(invitation: Invitation) -> str:
    return f"invitation-{invitation.id}"
