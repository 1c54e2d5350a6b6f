"""Who may comment and resolve: pure questions."""

from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission


def can_comment(member: Membership) -> bool:
    """Let people comment, resolve and reopen, in every state of a section."""
    return member.may(Permission.COMMENT)
