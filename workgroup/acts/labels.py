"""What acts are called in the log that organizers read."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from workgroup.acts.kinds import Act

ACTS: Mapping[str, object] = {
    Act.ACCOUNT_CREATED: _l("Account created"),
    Act.ACCOUNT_RENAMED: _l("Name changed"),
    Act.ACCOUNT_SIGNED_OUT: _l("Signed out"),
    Act.PASSWORD_CHANGED: _l("Password changed"),
    Act.COHORT_FOUNDED: _l("Cohort created"),
    Act.COHORT_RENAMED: _l("Cohort renamed"),
    Act.COHORT_ATTRIBUTION_CHANGED: _l("Naming of people changed"),
    Act.AUDIT_LOG_VIEWED: _l("Log viewed"),
    Act.DELEGATION_ADDED: _l("Delegation added"),
    Act.DELEGATION_CHANGED: _l("Delegation changed"),
    Act.DELEGATION_REMOVED: _l("Delegation removed"),
    Act.SUBGROUP_ADDED: _l("Subgroup added"),
    Act.SUBGROUP_CHANGED: _l("Subgroup changed"),
    Act.SUBGROUP_REMOVED: _l("Subgroup removed"),
    Act.INVITATION_SENT: _l("Invitation sent"),
    Act.INVITATION_WITHDRAWN: _l("Invitation withdrawn"),
    Act.INVITATION_ACCEPTED: _l("Invitation accepted"),
    Act.MEMBERSHIP_CHANGED: _l("Roles, delegation or subgroup changed"),
    Act.MEMBERSHIP_ENDED: _l("Removed from the cohort"),
    Act.REPORT_CREATED: _l("Report started"),
    Act.TITLE_PAGE_CHANGED: _l("Title page changed"),
    Act.SECTION_ADDED: _l("Section added"),
    Act.SECTION_CHANGED: _l("Section changed"),
    Act.SECTION_SHIFTED: _l("Section moved"),
    Act.SECTION_REMOVED: _l("Section removed"),
    Act.SECTION_FROZEN: _l("Section frozen"),
    Act.SECTION_IN_BALLOT: _l("Section put to a vote"),
    Act.SECTION_ADOPTED: _l("Section adopted"),
    Act.SECTION_REJECTED: _l("Section rejected"),
    Act.SECTION_REOPENED: _l("Section reopened"),
    Act.THREAD_OPENED: _l("Thread started"),
    Act.THREAD_RESOLVED: _l("Thread resolved"),
    Act.THREAD_REOPENED: _l("Thread reopened"),
    Act.COMMENT_ADDED: _l("Comment added"),
    Act.BALLOT_OPENED: _l("Ballot opened"),
    Act.BALLOT_CLOSED: _l("Ballot closed"),
    Act.BALLOT_CANCELLED: _l("Ballot canceled"),
    Act.VOTE_CAST: _l("Vote cast"),
    Act.EXPORT_REQUESTED: _l("PDF requested"),
    Act.TEXT_SET_ASIDE: _l("Unreadable changes set aside"),
    Act.TEXT_UNREADABLE: _l("Text could not be opened"),
    Act.TEXT_READABLE: _l("Text can be opened again"),
}
