"""Who may do what with a cohort beyond the table of roles: pure questions."""

from workgroup.accounts.models import User


def can_found(person: User) -> bool:
    """Anyone who carries the mark on the account may create cohorts; no role gives it."""
    return person.may_found
