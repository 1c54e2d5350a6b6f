"""Who may do what with a report: pure questions, no database, request or clock.

Policies say *who*; services say *when*. A refusal here is a 403, one there a 409.
"""

from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission


def can_write(member: Membership) -> bool:
    """Let members and organizers write every section; they alone get live editing data."""
    return member.may(Permission.EDIT)


def can_arrange(member: Membership) -> bool:
    """Let the organizer set up the report and its sections, freeze and reopen them."""
    return member.may(Permission.ORGANIZE)


def can_set_title_page(member: Membership) -> bool:
    """Let the publisher and the organizer write the title page."""
    return member.may(Permission.PUBLISH)
