"""Who may do what with a cohort beyond the table of roles: pure questions."""

from workgroup.accounts.models import User


def can_found(person: User) -> bool:
    """Let anyone whose account is marked for it create cohorts; no role includes it."""
    return person.may_found
