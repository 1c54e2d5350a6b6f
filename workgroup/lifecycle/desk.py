"""What the page of one section shows: its text, its place in the outline, its open ballot."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import format_timedelta
from markupsafe import Markup
from sqlalchemy.orm import undefer

from workgroup import clock
from workgroup.cohorts.models import Membership
from workgroup.deciding import policies as voting
from workgroup.deciding import queries as ballots
from workgroup.deciding.models import Ballot
from workgroup.deciding.results import Group, groups
from workgroup.discussion import anchors
from workgroup.discussion import queries as discussion
from workgroup.drafting import queries as drafting
from workgroup.drafting.canonical import word_count
from workgroup.drafting.inline import Labels
from workgroup.drafting.models import Section, Version
from workgroup.drafting.queries import OutlineEntry
from workgroup.drafting.rendering import render
from workgroup.drafting.states import SectionState
from workgroup.textlog.documents import UnreadableTextError, read_document

SOON, VERY_SOON = timedelta(days=7), timedelta(hours=24)

Blocks = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class OpenBallot:
    """A ballot that has not ended: its deadline, and who has voted."""

    ballot: Ballot
    groups: list[Group]
    may_vote: bool  # the reader
    has_voted: bool  # the reader
    time_left: str
    urgency: str  # a class of the style sheet: none, due, or due and bad


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The state of a section, with its newest version and its ballot."""

    version: Version | None  # the newest
    open_ballot: OpenBallot | None


@dataclass(frozen=True, kw_only=True)
class Desk(Standing):
    """One section with everything that its page shows around it."""

    outline: list[OutlineEntry]
    number: str
    text: Markup | None  # none: it can't be read
    problem: str  # why not, for the reader
    mark: str  # changes whenever the text changes; empty where the page has no text yet
    words: int


def find_standing(section: Section, reader: Membership) -> Standing:
    """Read the state of a section, without its text (up to four queries)."""
    return Standing(
        version=drafting.latest_version(section.id),
        open_ballot=_open_ballot(section, reader),
    )


def text_mark(section: Section) -> str:
    """Return a mark for a section's present text; when it changes, an open page fetches the text again."""
    stream = section.stream
    return f"{section.state}-{stream.epoch}-{stream.last_seq}"


def lay_out(section: Section, reader: Membership, labels: Labels) -> Desk:
    """Read what the page of a section shows.

    A draft shows its live text; in every other state the frozen version is shown.
    """
    outline = drafting.outline(section.report_id)
    here = next(entry for entry in outline if entry.section.id == section.id)
    blocks, problem = _blocks(section)
    return Desk(
        outline=outline,
        number=here.number,
        version=here.version,
        text=None
        if blocks is None
        else _with_passages(section, reader, blocks, labels),
        problem=problem,
        mark="" if blocks is None else text_mark(section),
        words=0 if blocks is None else word_count(blocks),
        open_ballot=_open_ballot(section, reader),
    )


def _with_passages(
    section: Section, reader: Membership, blocks: Blocks, labels: Labels
) -> Markup:
    """Render the text, highlighting the words that open threads are about."""
    threads = discussion.open_threads(reader, section.id)
    if section.state is SectionState.DRAFT:
        loose = [one for one in threads if anchors.anchor(one) == "quote"]
    else:
        loose = list(threads)
    return render(
        blocks,
        labels=labels,
        passages=anchors.passages(blocks, loose),
        threads=[one.public_id for one in threads],
    )


def _blocks(section: Section) -> tuple[Blocks | None, str]:
    """Return the text, or none and a sentence that says why."""
    version = None
    if section.state is not SectionState.DRAFT:
        version = drafting.latest_version(section.id, undefer(Version.canonical))
    if version:
        frozen: Blocks = version.form["blocks"]
        return frozen, ""
    try:
        return list(read_document(section.stream).get("content", ())), ""
    except UnreadableTextError as error:
        return None, str(error)


def _open_ballot(section: Section, reader: Membership) -> OpenBallot | None:
    if section.state is not SectionState.IN_BALLOT:
        return None
    ballot = ballots.find_open_ballot(section.id)
    if ballot is None:
        return None
    voted = ballots.who_has_voted(ballot.id)
    mine = [one for one in ballot.electors if one.membership_id == reader.id]
    left = ballot.closes_at - clock.now()
    return OpenBallot(
        ballot=ballot,
        groups=groups(ballot, voted),
        may_vote=voting.can_vote(reader, ballot) and left > timedelta(0),
        has_voted=any(one.id in voted for one in mine),
        time_left=format_timedelta(left, add_direction=True),
        urgency=_urgency(left),
    )


def _urgency(left: timedelta) -> str:
    if left > SOON:
        return ""
    return "due" if left > VERY_SOON else "due bad"
