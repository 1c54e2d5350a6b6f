"""The kinds of notices and the ways in which one can reach a person by mail. Pure.

A kind's value is stored for good: add kinds, never rename one.
"""

from enum import StrEnum

FORMAT = 1  # of a row's columns; raised if a kind comes to use them differently


class NoticeKind(StrEnum):
    """What a notice is about, from the point of view of the person who gets it."""

    BALLOT_OPENED = "ballot-opened"
    BALLOT_CLOSING = "ballot-closing"  # soon, and the reader has not voted
    THREAD_ANSWERED = "thread-answered"  # the reader began it
    THREAD_CONTINUED = "thread-continued"  # the reader has commented in it
    SECTION_FROZEN = "section-frozen"
    SECTION_REOPENED = "section-reopened"
    SECTION_REJECTED = "section-rejected"
    SECTION_ADOPTED = "section-adopted"
    NAMES_CHANGED = "names-changed"  # how the cohort names people
    TEXT_SET_ASIDE = "text-set-aside"  # some changes of a text cannot be read
    TEXT_UNREADABLE = "text-unreadable"  # a text cannot be opened


class Delivery(StrEnum):
    """Whether a kind's notices come by mail too."""

    AT_ONCE = "at-once"
    DAILY = "daily"  # one mail each morning with what is still unread
    OFF = "off"


class MailState(StrEnum):
    """The state of one notice's mail."""

    WAITING = "waiting"
    SENT = "sent"  # written into the outbox, and not given up there
    # None is sent: it was read before, not wanted, too old, or could not be delivered.
    NONE = "none"


class Page(StrEnum):
    """Which page a notice leads to."""

    BALLOT = "ballot"
    SECTION = "section"
    THREAD = "thread"
    PEOPLE = "people"
