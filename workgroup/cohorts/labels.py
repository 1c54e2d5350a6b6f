"""What roles, permissions and ways of naming people are called on pages."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from workgroup.cohorts.attribution import Mode, Surface, Words
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
    """Return what a role permits as a sentence, in the fixed order of the permissions."""
    granted = [permission for permission in Permission if permission in GRANTS[role]]
    words = ", ".join(str(PERMISSIONS[permission]) for permission in granted)
    return f"{words[:1].upper()}{words[1:]}."


SURFACES = {
    Surface.LIVE: _l("While people write"),
    Surface.COMMENTS: _l("Comments"),
    Surface.HISTORY: _l("Versions and who did what"),
    Surface.VOTES: _l("Ballots"),
    Surface.PRINT: _l("The printed report"),
}
SURFACES_IN_FULL = {
    Surface.LIVE: _l("Cursors in the text and the list of people present."),
    Surface.COMMENTS: _l("Who wrote a comment and who resolved a thread."),
    Surface.HISTORY: _l("Who froze a text, opened a ballot or requested a PDF."),
    Surface.VOTES: _l(
        "Who has voted and, after the close, how. The table of votes by delegation is always "
        "shown."
    ),
    Surface.PRINT: _l("The list of members."),
}
MODES = {
    Mode.NAMED: _l("By name"),
    Mode.DELEGATION: _l("By delegation only"),
    Mode.NONE: _l("Not at all"),
}


def name_words() -> Words:
    """Return what stands where no name does, in the language at hand."""
    return Words(
        not_given=_("Name not given"),
        you=_("You"),
        somebody=_("Someone"),
        staff=_("Staff"),
    )
