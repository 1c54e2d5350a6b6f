"""The words of notices: rows hold codes only, and the sentence is made for each reader."""

from flask_babel import lazy_gettext as _l

from workgroup.cohorts.attribution import Surface
from workgroup.notifications.kinds import Delivery, NoticeKind, Page

# %(name)s is the person who did it, as far as the reader may know; %(section)s its title. A
# notice stays in the list, so a sentence says what happened and not how things are now. And a
# ballot that missed its quorum rejects nothing, although its section's state is the same.
SENTENCES = {
    NoticeKind.BALLOT_OPENED: _l("%(name)s asks for your vote on “%(section)s”."),
    NoticeKind.BALLOT_CLOSING: _l("Reminder to vote on “%(section)s”."),
    NoticeKind.THREAD_ANSWERED: _l(
        "%(name)s replied to your comment on “%(section)s”."
    ),
    NoticeKind.THREAD_CONTINUED: _l(
        "%(name)s commented in a thread you took part in, on “%(section)s”."
    ),
    NoticeKind.SECTION_FROZEN: _l("%(name)s froze the text of “%(section)s”."),
    NoticeKind.SECTION_REOPENED: _l("%(name)s reopened “%(section)s” for editing."),
    NoticeKind.SECTION_REJECTED: _l("“%(section)s” was not adopted."),
    NoticeKind.SECTION_ADOPTED: _l("“%(section)s” was adopted."),
    NoticeKind.NAMES_CHANGED: _l(
        "%(name)s changed how people are named in “%(cohort)s”."
    ),
    NoticeKind.TEXT_SET_ASIDE: _l(
        "Some changes to “%(section)s” could not be read and were set aside. The section’s page explains what to do."
    ),
    NoticeKind.TEXT_UNREADABLE: _l(
        "The text of “%(section)s” could not be opened. Please tell your operator."
    ),
}
UNNAMED = _l("Someone")

# The surface whose naming applies; notices about a ballot concern its opening, not votes. And
# who decided how people are named is what somebody did, although it leads to who is there.
SURFACES = {
    Page.BALLOT: Surface.HISTORY,
    Page.SECTION: Surface.HISTORY,
    Page.THREAD: Surface.COMMENTS,
    Page.PEOPLE: Surface.HISTORY,
}

KINDS = {
    NoticeKind.BALLOT_OPENED: _l("A ballot opens in which I can vote"),
    NoticeKind.BALLOT_CLOSING: _l("A ballot is about to close and I have not voted"),
    NoticeKind.THREAD_ANSWERED: _l("Someone replies to one of my comments"),
    NoticeKind.THREAD_CONTINUED: _l("Someone comments in a thread I took part in"),
    NoticeKind.SECTION_FROZEN: _l("One of my sections is frozen"),
    NoticeKind.SECTION_REOPENED: _l("One of my sections is reopened"),
    NoticeKind.SECTION_REJECTED: _l("One of my sections is not adopted"),
    NoticeKind.SECTION_ADOPTED: _l("One of my sections is adopted"),
    NoticeKind.NAMES_CHANGED: _l("The way people are named changes"),
    NoticeKind.TEXT_SET_ASIDE: _l("Changes to a text can’t be read (for organizers)"),
    NoticeKind.TEXT_UNREADABLE: _l("A text can’t be opened (for organizers)"),
}
DELIVERIES = {
    Delivery.AT_ONCE: _l("Right away"),
    Delivery.DAILY: _l("Daily at 07:00"),
    Delivery.OFF: _l("No e-mail"),
}
ICONS = {
    NoticeKind.BALLOT_OPENED: "vote",
    NoticeKind.BALLOT_CLOSING: "calendar-clock",
    NoticeKind.THREAD_ANSWERED: "reply",
    NoticeKind.THREAD_CONTINUED: "message-square",
    NoticeKind.SECTION_FROZEN: "lock",
    NoticeKind.SECTION_REOPENED: "rotate-ccw",
    NoticeKind.SECTION_REJECTED: "circle-x",
    NoticeKind.SECTION_ADOPTED: "circle-check",
    NoticeKind.NAMES_CHANGED: "users",
    NoticeKind.TEXT_SET_ASIDE: "triangle-alert",
    NoticeKind.TEXT_UNREADABLE: "octagon-alert",
}
