"""Who may do what with a ballot: pure questions, no database, request or clock.

Policies say *who*; services say *when*. A refusal here is a 403, one there a 409.
"""

from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission
from workgroup.deciding.models import Ballot


def can_vote(member: Membership, ballot: Ballot) -> bool:
    """Those vote who were members when the ballot opened and still are."""
    electors = {elector.membership_id for elector in ballot.electors}
    return member.id in electors and member.may(Permission.VOTE)


def can_close(member: Membership) -> bool:
    """Organizers open, close and cancel ballots, and vote in none of them."""
    return member.may(Permission.ORGANIZE)
