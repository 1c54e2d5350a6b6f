"""The mails of a cohort, written into the outbox from their templates."""

from flask import render_template
from flask_babel import gettext as _

from workgroup.cohorts.models import Invitation, Membership
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
    jobs.send_mail(invitation.email, subject, body, key=f"invitation-{invitation.id}")
