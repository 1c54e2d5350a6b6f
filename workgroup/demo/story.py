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
from workgroup.demo.texts import BallotText, CohortText, ThreadText
from workgroup.discussion import quotations
from workgroup.discussion import services as discussion
from workgroup.discussion.kinds import new_public_id
from workgroup.drafting import arranging
from workgroup.drafting.canonical import plain_text
from workgroup.lifecycle import flow

if TYPE_CHECKING:
    from workgroup.deciding.models import Ballot
    from workgroup.discussion.models import Thread
    from workgroup.drafting.models import Section

DRAFTED = 16  # days after the founding
MINUTE = timedelta(minutes=1)
STEP = 37  # minutes between two members' hours at the desk
HOUR = 60  # minutes


@dataclass(frozen=True)
class Act:
    """One thing that somebody did at a moment."""

    at: datetime
    do: Callable[[], object]


def play(acts: Iterable[Act]) -> None:
    """Perform all acts in the order of time, those of one moment as they were given."""
    for act in sorted(acts, key=lambda act: act.at):
        with clock.pretend(act.at):
            act.do()


class Story:
    """The acts of a cohort, and the rows that they have made so far."""

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
        self._threads: dict[str, Thread] = {}
        # A comment mark names its thread, and stands in the text from the first word on.
        self._ids = {thread.quote: new_public_id() for thread in text.threads}

    def acts(self) -> Iterator[Act]:
        """List what happened, in no particular order."""
        yield Act(self._calendar.office(self._text.founded - DRAFTED), self._draft)
        for ballot in self._text.ballots:
            yield from self._decided(ballot)
        for thread in self._text.threads:
            yield from self._discussed(thread)

    def _draft(self) -> None:
        """Write the title page and every section, as it was put to a vote later."""
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
                blocks=with_comments(section.content, self._marks(section.key)),
            )

    def _marks(self, section: str) -> dict[str, str]:
        return {
            thread.quote: self._ids[thread.quote]
            for thread in self._text.threads
            if thread.section == section and not thread.frozen
        }

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
        self._ballots[key] = flow.put_to_vote(
            self._sections[key], self._organizer, self._text.rule, closes_at
        )

    def _vote(self, ballot: BallotText, key: str) -> None:
        cast = ballot.position_of(key)
        if cast:
            deciding.cast_vote(self._ballots[ballot.section], self._people[key], *cast)

    def _close(self, key: str) -> None:
        flow.close(self._ballots[key], by=None)

    def _opened(self, thread: ThreadText) -> datetime:
        """Return when a thread was started; on frozen text that is after the ballot opened."""
        moment = self._calendar.desk(thread.opened, self._zones[thread.by], HOUR)
        if not thread.frozen:
            return moment
        [ballot] = [one for one in self._text.ballots if one.section == thread.section]
        return max(moment, self._calendar.office(ballot.opened) + MINUTE)

    def _discussed(self, thread: ThreadText) -> Iterator[Act]:
        """List one thread's acts, each after the one before."""
        at = self._opened(thread)
        yield Act(at, partial(self._begin, thread))
        for number, reply in enumerate(thread.comments, 2):
            moment = self._calendar.desk(
                reply.days, self._zones[reply.by], HOUR * number
            )
            at = max(at, moment)
            yield Act(at, partial(self._reply, thread.quote, reply.by, reply.text))
        if thread.resolved:
            by, days = thread.resolved
            moment = self._calendar.desk(days, self._zones[by], HOUR * 5)
            yield Act(max(at, moment), partial(self._resolve, thread.quote, by))

    def _begin(self, thread: ThreadText) -> None:
        words = plain_text(self._text.section(thread.section).content)
        start = words.index(thread.quote)
        around = quotations.around(words, start, start + len(thread.quote))
        opened = discussion.open_thread(
            self._sections[thread.section],
            self._people[thread.by],
            thread.text,
            quotations.Quotation(thread.quote, *around),
            public_id=self._ids[thread.quote],
        )
        self._threads[thread.quote] = opened

    def _reply(self, quote: str, by: str, words: str) -> None:
        discussion.reply(self._threads[quote], self._people[by], words)

    def _resolve(self, quote: str, by: str) -> None:
        discussion.resolve(self._threads[quote], self._people[by])
