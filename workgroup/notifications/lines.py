"""Notices in words for one reader: the sentence, where it leads, who did it."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from workgroup import clock
from workgroup.cohorts.naming import Naming
from workgroup.cohorts.navigation import site
from workgroup.notifications import labels
from workgroup.notifications.catalogue import RULES, VOTING
from workgroup.notifications.kinds import Page
from workgroup.notifications.queries import Shown


@dataclass(frozen=True)
class Line:
    """One notice as its reader sees it."""

    id: int
    sentence: str
    address: str
    icon: str
    cohort: str
    at: datetime
    unread: bool
    closes_at: datetime | None  # of a ballot that still takes votes


def line(shown: Shown, *, absolute: bool = False) -> Line:
    """Return a notice as a sentence, in the reader's language.

    Args:
        shown: the notice with what its words need.
        absolute: whether its address is complete, as a mail needs it.
    """
    notice = shown.notice
    sentence = str(labels.SENTENCES[notice.kind]) % {
        "name": actor_name(shown),
        "section": shown.section or "",
        "cohort": shown.cohort.name,
    }
    takes_votes = shown.closes_at is not None and shown.closes_at > clock.now()
    return Line(
        id=notice.id,
        sentence=sentence,
        address=address(shown, absolute=absolute),
        icon=labels.ICONS[notice.kind],
        cohort=shown.cohort.name,
        at=notice.at,
        unread=notice.read_at is None,
        closes_at=shown.closes_at if takes_votes and notice.kind in VOTING else None,
    )


def actor_name(shown: Shown) -> str:
    """Return the name of the person who did it, as the reader may see it.

    The only place where notices and their mails name anybody. They do it as on the surface on
    which it happened.
    """
    if shown.actor is None:
        return str(labels.UNNAMED)
    naming = Naming.of(shown.cohort, shown.notice.user_id)
    surface = labels.SURFACES[RULES[shown.notice.kind].page]
    return naming.shown(shown.actor, surface, shown.actor_delegation).text


def address(shown: Shown, *, absolute: bool = False) -> str:
    """Return the address of the page that a notice leads to."""
    notice = shown.notice
    page = RULES[notice.kind].page
    if page is Page.BALLOT:
        return url_for(
            "deciding.show",
            slug=shown.cohort.slug,
            ballot_id=notice.ballot_id,
            _external=absolute,
        )
    if page is Page.PEOPLE:
        return url_for(
            "cohorts.people",
            slug=shown.cohort.slug,
            _anchor="names",
            _external=absolute,
        )
    thread = shown.thread if page is Page.THREAD else None
    return url_for(
        site().workspace,
        slug=shown.cohort.slug,
        section_id=notice.section_id,
        thread=thread,
        _anchor=f"thread-{thread}" if thread else None,
        _external=absolute,
    )
