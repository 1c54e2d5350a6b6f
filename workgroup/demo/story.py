"""What happened in the demonstration's cohort, as acts in the order of time.

Every act calls the features' own services at its pretended moment, so the rules of
real use hold here too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from workgroup import clock
from workgroup.cohorts import queries as cohorts
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Role
from workgroup.deciding import services as deciding
from workgroup.demo.anchors import with_comments
from workgroup.demo.days import Calendar
from workgroup.demo.reading import BallotText, CohortText
from workgroup.drafting import arranging
from workgroup.drafting.services import freeze

if TYPE_CHECKING:
    from workgroup.deciding.models import Ballot
    from workgroup.drafting.models import Section

DRAFTED = 16  # days after the founding
MINUTE = timedelta(minutes=1)
STEP = 37  # minutes between two members' hours at the desk


@dataclass(frozen=True)
class Act:
    """One thing that somebody did at a moment."""

    at: datetime
    do: Callable[[], object]


def play(acts: Iterable[Act]) -> None:
    """Let everything happen in the order of time; what is equal, as it was given."""
    for act in sorted(acts, key=lambda act: act.at):
        with clock.pretend(act.at):
            act.do()


class Story:
    """The acts of a cohort, and what came of them so far."""

    def __init__(
        self, text: CohortText, calendar: Calendar, people: Mapping[str, Membership]
    ) -> None:
        self._text = text
        self._calendar = calendar
        self._people = people
        self._organizer = next(
            people[person.key]
            for person in text.people
            if Role.ORGANIZER in person.roles
        )
        self._voters = [person.key for person in text.people if person.delegation]
        self._zones = {person.key: person.zone for person in text.people}
        self._sections: dict[str, Section] = {}
        self._ballots: dict[str, Ballot] = {}

    def acts(self) -> Iterator[Act]:
        """List what happened, in no particular order."""
        yield Act(self._calendar.office(self._text.founded - DRAFTED), self._draft)
        for ballot in self._text.ballots:
            yield from self._decided(ballot)

    def _draft(self) -> None:
        """Write the title page and every section, as it was later put to the vote."""
        cohort_id = self._organizer.cohort_id
        report = arranging.create_report(self._organizer, **self._text.report)
        subgroups = {group.name: group.id for group in cohorts.subgroups(cohort_id)}
        for section in self._text.sections:
            self._sections[section.key] = arranging.add_section(
                report,
                self._organizer,
                kind=section.kind,
                title=section.title,
                subgroup_id=subgroups[section.subgroup],
                addressees="; ".join(section.addressees),
                horizon=section.horizon,
                blocks=with_comments(section.content, {}),
            )

    def _decided(self, ballot: BallotText) -> Iterator[Act]:
        """List one ballot's acts, from the freeze to the close."""
        opens = self._calendar.office(ballot.opened)
        closes = (
            self._calendar.deadline(ballot.closes_in or 0)
            if ballot.closed is None
            else self._calendar.office(ballot.closed)
        )
        yield Act(opens, partial(self._open, ballot.section, closes))
        last = ballot.closed or 0
        voters = [key for key in self._voters if ballot.position_of(key)]
        for number, key in enumerate(voters):
            days = ballot.opened - (ballot.opened - last) * number / len(voters)
            moment = self._calendar.desk(days, self._zones[key], STEP * number)
            inside = min(max(moment, opens + MINUTE), closes - MINUTE)
            yield Act(inside, partial(self._vote, ballot, key))
        if ballot.closed is not None:
            yield Act(closes, partial(self._close, ballot.section))

    def _open(self, key: str, closes_at: datetime) -> None:
        version = freeze(self._sections[key], self._organizer)
        self._ballots[key] = deciding.open_ballot(
            version, self._text.rule, closes_at, self._organizer
        )

    def _vote(self, ballot: BallotText, key: str) -> None:
        cast = ballot.position_of(key)
        if cast:
            deciding.cast_vote(self._ballots[ballot.section], self._people[key], *cast)

    def _close(self, key: str) -> None:
        deciding.close(self._ballots[key], by=None)
