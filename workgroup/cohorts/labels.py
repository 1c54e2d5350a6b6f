"""What roles and permissions are called on pages."""

from flask_babel import lazy_gettext as _l

from workgroup.cohorts.roles import GRANTS, Permission, Role

ROLES = {
    Role.MEMBER: _l("Member"),
    Role.ORGANIZER: _l("Organizer"),
    Role.PUBLISHER: _l("Publisher"),
    Role.OBSERVER: _l("Observer"),
}
PERMISSIONS = {
    Permission.READ: _l("read everything"),
    Permission.EDIT: _l("edit the text"),
    Permission.COMMENT: _l("comment"),
    Permission.VOTE: _l("vote"),
    Permission.ORGANIZE: _l("set up the cohort, its people and its ballots"),
    Permission.PUBLISH: _l("edit the title page and export"),
}


def grants_in_words(role: Role) -> str:
    """Say what a role permits as a sentence, in the fixed order of the permissions."""
    granted = [permission for permission in Permission if permission in GRANTS[role]]
    words = ", ".join(str(PERMISSIONS[permission]) for permission in granted)
    return f"{words[:1].upper()}{words[1:]}."
