"""All kinds of notices as one table: for which act, for whom, leading where, mailed how."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from workgroup.acts.kinds import Act
from workgroup.notifications import concerned
from workgroup.notifications.concerned import Concerned
from workgroup.notifications.kinds import Delivery, NoticeKind, Page


@dataclass(frozen=True)
class Rule:
    """Which act produces notices of one kind, and who gets them."""

    act: Act | None  # none: it is due at a time
    concerned: Concerned
    page: Page
    delivery: Delivery  # by mail, until the person chooses


RULES: Mapping[NoticeKind, Rule] = {
    NoticeKind.BALLOT_OPENED: Rule(
        Act.BALLOT_OPENED, concerned.electors, Page.BALLOT, Delivery.AT_ONCE
    ),
    NoticeKind.BALLOT_CLOSING: Rule(
        None, concerned.electors_without_vote, Page.BALLOT, Delivery.AT_ONCE
    ),
    NoticeKind.THREAD_ANSWERED: Rule(
        Act.COMMENT_ADDED, concerned.thread_starter, Page.THREAD, Delivery.AT_ONCE
    ),
    NoticeKind.THREAD_CONTINUED: Rule(
        Act.COMMENT_ADDED, concerned.earlier_commenters, Page.THREAD, Delivery.DAILY
    ),
    NoticeKind.SECTION_FROZEN: Rule(
        Act.SECTION_FROZEN, concerned.section_people, Page.SECTION, Delivery.AT_ONCE
    ),
    NoticeKind.SECTION_REOPENED: Rule(
        Act.SECTION_REOPENED, concerned.section_people, Page.SECTION, Delivery.AT_ONCE
    ),
    NoticeKind.SECTION_REJECTED: Rule(
        Act.SECTION_REJECTED, concerned.section_people, Page.SECTION, Delivery.AT_ONCE
    ),
    NoticeKind.SECTION_ADOPTED: Rule(
        Act.SECTION_ADOPTED, concerned.section_people, Page.SECTION, Delivery.DAILY
    ),
    NoticeKind.NAMES_CHANGED: Rule(
        Act.COHORT_ATTRIBUTION_CHANGED,
        concerned.everybody,
        Page.PEOPLE,
        Delivery.AT_ONCE,
    ),
    NoticeKind.TEXT_SET_ASIDE: Rule(
        Act.TEXT_SET_ASIDE, concerned.organizers, Page.SECTION, Delivery.AT_ONCE
    ),
    NoticeKind.TEXT_UNREADABLE: Rule(
        Act.TEXT_UNREADABLE, concerned.organizers, Page.SECTION, Delivery.AT_ONCE
    ),
}


class Whose(StrEnum):
    """Whose older notices an act makes obsolete."""

    ACTOR = "actor"
    EVERYBODY = "everybody"
    NOTIFIED = "notified"  # those who get a notice of this act


@dataclass(frozen=True)
class Settling:
    """Notices that are obsolete once something has happened."""

    kinds: frozenset[NoticeKind]
    whose: Whose
    about: str  # the column that must be equal in both


VOTING = frozenset({NoticeKind.BALLOT_OPENED, NoticeKind.BALLOT_CLOSING})
CLOSED_TEXTS = frozenset({NoticeKind.TEXT_UNREADABLE})
TALKING = frozenset({NoticeKind.THREAD_ANSWERED, NoticeKind.THREAD_CONTINUED})

SETTLES: Mapping[Act, Settling] = {
    Act.VOTE_CAST: Settling(VOTING, Whose.ACTOR, "ballot_id"),
    Act.BALLOT_CLOSED: Settling(VOTING, Whose.EVERYBODY, "ballot_id"),
    Act.BALLOT_CANCELLED: Settling(VOTING, Whose.EVERYBODY, "ballot_id"),
    Act.COMMENT_ADDED: Settling(TALKING, Whose.ACTOR, "thread_id"),
    # One click freezes a section and opens its ballot; voters get one notice, not two.
    Act.BALLOT_OPENED: Settling(
        frozenset({NoticeKind.SECTION_FROZEN}), Whose.NOTIFIED, "section_id"
    ),
    # Of a freeze and a reopening only the later one is worth a mail.
    Act.SECTION_FROZEN: Settling(
        frozenset({NoticeKind.SECTION_REOPENED}), Whose.EVERYBODY, "section_id"
    ),
    Act.SECTION_REOPENED: Settling(
        frozenset({NoticeKind.SECTION_FROZEN}), Whose.EVERYBODY, "section_id"
    ),
    Act.TEXT_READABLE: Settling(CLOSED_TEXTS, Whose.EVERYBODY, "section_id"),
    Act.TEXT_SET_ASIDE: Settling(CLOSED_TEXTS, Whose.EVERYBODY, "section_id"),
}

# Notices that ask for something: who is concerned is asked again before they are mailed.
STILL_ASKED: Mapping[NoticeKind, Concerned] = {
    NoticeKind.BALLOT_OPENED: concerned.electors_without_vote,
    NoticeKind.BALLOT_CLOSING: concerned.electors_without_vote,
    NoticeKind.TEXT_SET_ASIDE: concerned.organizers,
    NoticeKind.TEXT_UNREADABLE: concerned.organizers,
}

OF_INTEREST = frozenset(
    {rule.act for rule in RULES.values() if rule.act} | set(SETTLES)
)


def kinds_of(act: Act) -> list[NoticeKind]:
    """Return the kinds of notices that an act produces."""
    return [kind for kind, rule in RULES.items() if rule.act is act]


def mailed(delivery: Delivery) -> frozenset[NoticeKind]:
    """Return the kinds that are mailed in this way by default."""
    return frozenset(kind for kind, rule in RULES.items() if rule.delivery is delivery)
