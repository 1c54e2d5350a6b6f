"""Roles and what each permits: one table, pure."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is in a cohort; a person may have several roles."""

    MEMBER = "member"
    ORGANIZER = "organizer"
    PUBLISHER = "publisher"
    OBSERVER = "observer"


class Permission(StrEnum):
    """What an action requires."""

    READ = "read"
    EDIT = "edit"  # the text of a section
    COMMENT = "comment"
    VOTE = "vote"
    ORGANIZE = "organize"  # cohort, report, people; freeze, reopen, open and close
    PUBLISH = "publish"  # title page and export


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: frozenset(
        {Permission.READ, Permission.EDIT, Permission.COMMENT, Permission.VOTE}
    ),
    Role.ORGANIZER: frozenset(
        {
            Permission.READ,
            Permission.EDIT,
            Permission.COMMENT,
            Permission.ORGANIZE,
            Permission.PUBLISH,
        }
    ),
    Role.PUBLISHER: frozenset({Permission.READ, Permission.PUBLISH}),
    Role.OBSERVER: frozenset({Permission.READ}),
}


def permissions(roles: frozenset[Role]) -> frozenset[Permission]:
    """Return what the roles permit together."""
    return frozenset().union(*(GRANTS[role] for role in roles))


@dataclass(frozen=True)
class Assignment:
    """A person's roles, delegation and subgroup: offered by an invitation, changed by an organizer."""

    roles: frozenset[Role]
    delegation_id: int | None = None
    subgroup_id: int | None = None

    @property
    def votes(self) -> bool:
        """Whether the person votes; those who do have a delegation, and nobody else does."""
        return Permission.VOTE in permissions(self.roles)
