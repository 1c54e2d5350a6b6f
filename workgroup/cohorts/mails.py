"""The mails of a cohort, written into the outbox from their templates."""

from collections.abc import Iterable

from flask import render_template
from flask_babel import gettext as _

from workgroup.cohorts.models import Invitation, Membership
from workgroup.jobs import queries
from workgroup.jobs import services as jobs


def send_invitation(invitation: Invitation, organizer: Membership, link: str) -> None:
    """Write to the invited address what it is invited to, with the link that opens it."""
    subject = _("Invitation to %(cohort)s", cohort=organizer.cohort.name)
    body = render_template(
        "email/invitation.txt",
        invitation=invitation,
        cohort=organizer.cohort,
        inviter=organizer.user.name,
        link=link,
    )
    jobs.send_mail(invitation.email, subject, body, key=_key(invitation))


def troubles(invitations: Iterable[Invitation]) -> dict[int, bool]:
    """Return whose mail has not been delivered yet, and whether it was given up."""
    numbers = {f"mail:{_key(invitation)}": invitation.id for invitation in invitations}
    if not numbers:
        return {}
    found = queries.failing(numbers)
    return {numbers[key]: given_up for key, given_up in found.items()}


def _key(invitation: Invitation) -> str:
    return f"invitation-{invitation.id}"
