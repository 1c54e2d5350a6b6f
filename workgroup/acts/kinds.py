"""Every kind of act that can happen, and which parts of an open page it changes. Pure.

A kind's value is stored for good, in the log and under its hashes: add kinds, never
rename one. Its first part names what the act was done to.
"""

from collections.abc import Mapping
from enum import StrEnum

from workgroup.bus import Aspect


class Act(StrEnum):
    """Something that happened."""

    ACCOUNT_CREATED = "account.created"
    ACCOUNT_RENAMED = "account.renamed"  # another name, or written in another way
    ACCOUNT_SIGNED_OUT = "account.signed-out"
    PASSWORD_CHANGED = "account.password-changed"  # noqa: S105 - the name of an act

    COHORT_FOUNDED = "cohort.founded"
    COHORT_RENAMED = "cohort.renamed"
    COHORT_ATTRIBUTION_CHANGED = "cohort.attribution-changed"  # how people are named
    AUDIT_LOG_VIEWED = "log.viewed"  # an organizer looked up who did what
    DELEGATION_ADDED = "delegation.added"
    DELEGATION_CHANGED = "delegation.changed"
    DELEGATION_REMOVED = "delegation.removed"
    SUBGROUP_ADDED = "subgroup.added"
    SUBGROUP_CHANGED = "subgroup.changed"
    SUBGROUP_REMOVED = "subgroup.removed"
    INVITATION_SENT = "invitation.sent"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    INVITATION_ACCEPTED = "invitation.accepted"
    MEMBERSHIP_CHANGED = "membership.changed"
    MEMBERSHIP_ENDED = "membership.ended"

    REPORT_CREATED = "report.created"
    TITLE_PAGE_CHANGED = "report.title-page-changed"
    SECTION_ADDED = "section.added"
    SECTION_CHANGED = "section.changed"
    SECTION_SHIFTED = "section.shifted"
    SECTION_REMOVED = "section.removed"
    SECTION_FROZEN = "section.frozen"
    SECTION_IN_BALLOT = "section.in-ballot"
    SECTION_ADOPTED = "section.adopted"
    SECTION_REJECTED = "section.rejected"
    SECTION_REOPENED = "section.reopened"

    THREAD_OPENED = "thread.opened"
    THREAD_RESOLVED = "thread.resolved"
    THREAD_REOPENED = "thread.reopened"
    COMMENT_ADDED = "comment.added"  # an answer; a thread's first comment opens it

    BALLOT_OPENED = "ballot.opened"
    BALLOT_CLOSED = "ballot.closed"
    BALLOT_CANCELLED = "ballot.cancelled"
    VOTE_CAST = "ballot.vote"  # that somebody voted, never which way

    EXPORT_REQUESTED = "export.requested"

    TEXT_SET_ASIDE = "stream.set-aside"  # some rows of a live text break its readers
    TEXT_UNREADABLE = "stream.unreadable"  # a live text cannot be opened
    TEXT_READABLE = "stream.readable"  # … and can be opened again

    @property
    def subject(self) -> str:
        """What kind of thing the act was done to, such as ``ballot``."""
        return self.value.partition(".")[0]


CHANGES: Mapping[Act, frozenset[Aspect]] = {
    Act.ACCOUNT_RENAMED: frozenset({Aspect.PEOPLE}),
    Act.ACCOUNT_SIGNED_OUT: frozenset({Aspect.SESSIONS}),
    Act.PASSWORD_CHANGED: frozenset({Aspect.SESSIONS}),
    Act.COHORT_ATTRIBUTION_CHANGED: frozenset({Aspect.PEOPLE}),
    Act.DELEGATION_CHANGED: frozenset({Aspect.PEOPLE}),
    Act.INVITATION_ACCEPTED: frozenset({Aspect.PEOPLE}),
    Act.MEMBERSHIP_CHANGED: frozenset({Aspect.PEOPLE}),
    Act.MEMBERSHIP_ENDED: frozenset({Aspect.PEOPLE}),
    Act.SECTION_CHANGED: frozenset({Aspect.STATE}),
    Act.SECTION_REMOVED: frozenset({Aspect.TEXT, Aspect.STATE}),
    Act.SECTION_FROZEN: frozenset({Aspect.TEXT, Aspect.STATE}),
    Act.SECTION_IN_BALLOT: frozenset({Aspect.STATE}),
    Act.SECTION_ADOPTED: frozenset({Aspect.STATE}),
    Act.SECTION_REJECTED: frozenset({Aspect.STATE}),
    Act.SECTION_REOPENED: frozenset({Aspect.TEXT, Aspect.STATE}),
    Act.TEXT_SET_ASIDE: frozenset({Aspect.TEXT, Aspect.STATE}),
    Act.THREAD_OPENED: frozenset({Aspect.THREADS}),
    Act.THREAD_RESOLVED: frozenset({Aspect.THREADS}),
    Act.THREAD_REOPENED: frozenset({Aspect.THREADS}),
    Act.COMMENT_ADDED: frozenset({Aspect.THREADS}),
    Act.BALLOT_OPENED: frozenset({Aspect.BALLOT}),
    Act.BALLOT_CLOSED: frozenset({Aspect.BALLOT}),
    Act.BALLOT_CANCELLED: frozenset({Aspect.BALLOT}),
    Act.VOTE_CAST: frozenset({Aspect.BALLOT}),
}

# These also happen to people who are in no cohort, where no open page shows them.
OUTSIDE = frozenset({Act.ACCOUNT_RENAMED})


def changes(act: Act) -> frozenset[Aspect]:
    """Return the aspects that an open page should fetch again after the act."""
    return CHANGES.get(act, frozenset())
