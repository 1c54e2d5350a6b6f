"""The result of a loaded ballot: its tally, and who has voted in each delegation. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from workgroup.cohorts.attribution import Mode
from workgroup.cohorts.models import Delegation
from workgroup.deciding.models import Ballot, Elector, Vote
from workgroup.deciding.rules import Position
from workgroup.deciding.tally import Tally, tally


def count(ballot: Ballot, votes: Sequence[Vote]) -> Tally:
    """Count a ballot whose electors are loaded; the same votes always count the same."""
    positions = {vote.elector_id: vote.position for vote in votes}
    pairs = [
        (elector.delegation.code, positions.get(elector.id))
        for elector in ballot.electors
    ]
    return tally(pairs, ballot.rule)


@dataclass(frozen=True)
class Group:
    """The electors of one delegation, and which of them have voted."""

    delegation: Delegation
    electors: tuple[Elector, ...]
    voted: int

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which most of them live; the first of equals."""
        zones = Counter(each.membership.user.time_zone for each in self.electors)
        return ZoneInfo(zones.most_common(1)[0][0])

    @property
    def is_complete(self) -> bool:
        """Return whether everybody has voted."""
        return self.voted == len(self.electors)


Listed = list[tuple[Delegation | None, list[Elector]]]


def listed(
    of: Sequence[Group], votes: Mapping[int, Vote], mode: Mode, reader_id: int
) -> Listed:
    """Return the electors in the order in which their positions are shown.

    Where people are not named, they stand in the order of their positions: the electors'
    own order is the same in every ballot. Among equal positions the reader's comes first,
    since its place would reveal who else is among them. Where nothing of a person may show,
    the delegation does not either.

    Args:
        of: the delegations with their electors.
        votes: elector → vote.
        mode: how ballots name people.
        reader_id: the membership of the person who reads.
    """
    if mode is Mode.NAMED:
        return [(group.delegation, list(group.electors)) for group in of]

    def by_position(elector: Elector) -> tuple[int, str, bool]:
        vote = votes.get(elector.id)
        order = list(Position)
        is_other = elector.membership_id != reader_id
        if vote is None:
            return len(order), "", is_other
        return order.index(vote.position), vote.reason, is_other

    if mode is Mode.DELEGATION:
        return [
            (group.delegation, sorted(group.electors, key=by_position)) for group in of
        ]
    everybody = [elector for group in of for elector in group.electors]
    return [(None, sorted(everybody, key=by_position))]


def groups(ballot: Ballot, voted: Collection[int]) -> list[Group]:
    """Return the delegations that have electors, in the cohort's order.

    Args:
        ballot: with its electors.
        voted: the ids of the electors who have voted.
    """
    found: dict[int, list[Elector]] = {}
    for elector in ballot.electors:
        found.setdefault(elector.delegation_id, []).append(elector)
    complete = [
        Group(
            electors[0].delegation,
            tuple(electors),
            sum(elector.id in voted for elector in electors),
        )
        for electors in found.values()
    ]
    return sorted(complete, key=lambda group: group.delegation.position)
