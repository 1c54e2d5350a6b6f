"""The mails of a cohort, written into the outbox from their templates."""

from collections.abc import Iterable

from flask_babel import gettext as _

from workgroup import letters, mail
from workgroup.accounts import queries as accounts
from workgroup.cohorts.attribution import Surface
from workgroup.cohorts.models import Invitation, Membership
from workgroup.cohorts.naming import Naming
from workgroup.errors import DomainError


class NotGivenUpError(DomainError):
    """A mail that has left, or is tried anyway, is not tried again by hand."""


def send_invitation(invitation: Invitation, organizer: Membership, link: str) -> None:
    """Write to the invited address what it is invited to, with the link that opens it.

    Who has an account reads it in his or her own language, a newcomer in the organizer's.
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
        )


def troubles(invitations: Iterable[Invitation]) -> dict[int, bool]:
    """Return whose mail has not been delivered yet, and whether it was given up."""
    numbers = {_key(invitation): invitation.id for invitation in invitations}
    return mail.undelivered(numbers) if numbers else {}


def try_again(invitation: Invitation) -> None:
    """Retry an invitation's mail that was given up, with the same link.

    Raises:
        NotGivenUpError: there is nothing to try again.
    """
    if not mail.try_again(_key(invitation)):
        raise NotGivenUpError(
            _(
                "The e-mail to %(email)s has not failed, so there is nothing to send again.",
                email=invitation.email,
            )
        )


def _key(invitation: Invitation) -> str:
    return f"invitation-{invitation.id}"
