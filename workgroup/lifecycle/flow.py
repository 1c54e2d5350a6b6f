"""The main flow of a report, from an empty instance to the printed file, in order.

1. found         a cohort with its delegations, its people and its report
2. draft         members write a section together
3. discuss       they comment on its words
4. put_to_vote   the section is frozen to a version and a ballot opens on it
5. close         votes are counted; the section is adopted or rejected, or reopened
6. export        the report is assembled and set

A step that touches several features is one function here, and everything that moves a section
or a ballot calls it: a click, the worker at a deadline, a command. Otherwise one of them could
move the section and forget its ballot. The other steps belong to one feature each: writing to
``live.hub``, discussing to ``discussion.services``, printing to ``publishing.services`` and
``publishing.assemble``.
"""

from datetime import datetime

from flask_babel import gettext as _

from workgroup.accounts.models import User
from workgroup.cohorts import services as cohorts
from workgroup.cohorts.models import Membership
from workgroup.deciding import moves as ballots
from workgroup.deciding import queries as deciding
from workgroup.deciding.models import Ballot
from workgroup.deciding.moves import BallotEndedError
from workgroup.deciding.rules import Outcome, Rule
from workgroup.deciding.tally import Tally
from workgroup.drafting import arranging
from workgroup.drafting import moves as sections
from workgroup.drafting import queries as drafting
from workgroup.drafting.labels import state_label
from workgroup.drafting.models import Section, Version
from workgroup.drafting.states import Move, SectionState
from workgroup.errors import DomainError
from workgroup.textlog.ahead import ReadAhead

__all__ = ["BallotEndedError", "close", "found", "freeze", "put_to_vote", "reopen"]


class OtherVersionError(DomainError):
    """The text to vote on is no longer the one that the organizer saw."""


class MovedOnError(DomainError):
    """The section is no longer where it was when the organizer decided to reopen it."""


def found(founder: User, plan: cohorts.Plan, title: str) -> Membership:
    """Step 1: create a cohort with its one report; the founder becomes its organizer.

    Raises:
        NameTakenError: the cohort's short name is taken or cannot be used.
    """
    organizer = cohorts.found(founder, plan)
    arranging.create_report(organizer, title)
    return organizer


def freeze(
    section: Section, organizer: Membership, text: ReadAhead | None = None
) -> Version:
    """Step 4, first half: freeze a draft as its next version.

    Args:
        section: a draft.
        organizer: who freezes it.
        text: its text, read before the transaction took its locks; see ``moves.freeze``.

    Raises:
        WrongStateError: the section is no draft.
        TooMuchError: the report could not be printed with it; nothing is frozen.
        UnreadableTextError: its text could not be read; nothing is frozen.
    """
    return sections.freeze(section, organizer, text)


def put_to_vote(
    section: Section,
    organizer: Membership,
    rule: Rule,
    closes_at: datetime,
    text: ReadAhead | None = None,
    *,
    seen: int | None = None,
) -> Ballot:
    """Step 4: freeze the section if it is still a draft, and ask the members to adopt it.

    Args:
        section: a draft, or frozen.
        organizer: who opens the ballot.
        rule: the rule by which votes are counted.
        closes_at: its deadline.
        text: a draft's text, read before the transaction took its locks.
        seen: the number of the version that the organizer saw frozen, if it was.

    Raises:
        OtherVersionError: the vote would not be on the version that the organizer saw.
        WrongStateError: the section is in a ballot or decided.
        ClosingPastError: the closing time has passed.
        NoElectorsError: nobody could vote.
    """
    # The report is locked before its sections, and sections before ballots, here and
    # everywhere, so that two organizers who reopen and close at the same moment wait for
    # each other and do not deadlock.
    drafting.lock_order(section.report_id)
    drafting.lock_section(section)
    version = drafting.latest_version(section.id)
    if section.state is SectionState.DRAFT:
        version = None
    if seen and (version is None or version.number != seen):
        raise OtherVersionError(
            _(
                "Someone reopened the section after you opened this page, so version %(number)s "
                "is no longer its text. Read the text as it is now, then open the ballot.",
                number=seen,
            )
        )
    if version is None:
        version = freeze(section, organizer, text)
    sections.move(section, Move.OPEN, organizer)
    return ballots.open_ballot(version, rule, closes_at, organizer)


def close(ballot: Ballot, by: Membership | None) -> Tally:
    """Step 5: count the votes, which adopt or reject the section.

    Args:
        ballot: one that has not ended.
        by: the organizer who closes it before its time; none at the deadline.

    Raises:
        BallotEndedError: it was counted or cancelled before.
    """
    section = deciding.lock_section_of(ballot.version_id)
    counted = ballots.close(ballot, by)
    adopted = counted.outcome is Outcome.ADOPTED
    sections.move(section, Move.ADOPT if adopted else Move.REJECT, by)
    return counted


def standing(section: Section) -> str:
    """Return where a section stands: its state, newest version and open ballot (two queries)."""
    version = drafting.latest_version(section.id)
    ballot = deciding.find_open_ballot(section.id)
    parts = section.state, version and version.number, ballot and ballot.id
    return " ".join(str(part or "-") for part in parts)


def reopen(
    section: Section, organizer: Membership, reason: str, *, seen: str = ""
) -> Section:
    """Step 5, otherwise: make the section a draft again; an open ballot is canceled.

    Args:
        section: in any state but draft.
        organizer: who reopens it.
        reason: why, for everybody to read.
        seen: where it stood, as the organizer saw it before deciding this.

    Raises:
        MovedOnError: it has moved on since, for example into a ballot that would be lost.
        WrongStateError: the section is a draft already.
        ReasonMissingError: no reason was given.
    """
    drafting.lock_section(section)
    ballot = deciding.find_open_ballot(section.id)
    is_draft = section.state is SectionState.DRAFT
    if seen and not is_draft and seen != standing(section):
        raise MovedOnError(
            _(
                "This section has moved on since you opened this page. Its state is now "
                "“%(state)s”. If you still want to reopen it, send the form again.",
                state=state_label(section.state),
            )
        )
    if ballot is not None:
        ballots.cancel(ballot, organizer, reason)
    sections.reopen(section, organizer, reason)
    return section
