"""What a loaded ballot says: its tally, and how each delegation stands. Pure."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from workgroup.cohorts.models import Delegation
from workgroup.deciding.models import Ballot, Elector, Vote
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
        """The zone in which most of them live; of equals the first."""
        zones = Counter(each.membership.user.time_zone for each in self.electors)
        return ZoneInfo(zones.most_common(1)[0][0])

    @property
    def is_complete(self) -> bool:
        """Say whether nobody is missing any more."""
        return self.voted == len(self.electors)


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
