"""Times in which a text cannot be opened: its organizers are notified once of each.

Server and worker both find out, again and again. The log of acts keeps them from notifying
anyone each time: an incident begins with one act and ends with another.
"""

from workgroup.acts import queries as happened
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act

BEGINS = Act.TEXT_UNREADABLE
ENDS = Act.TEXT_READABLE, Act.TEXT_SET_ASIDE


def begin(stream_id: int, cohort_id: int | None) -> bool:
    """Record that a text cannot be opened; return whether that was news."""
    if happened.latest(stream_id, BEGINS, *ENDS) == BEGINS:
        return False
    acts.note(BEGINS, stream_id, by=None, cohort_id=cohort_id, stream_id=stream_id)
    return True


def end(stream_id: int, cohort_id: int | None) -> None:
    """Record that a text can be opened again, so that the next incident is news."""
    act = Act.TEXT_READABLE
    acts.note(act, stream_id, by=None, cohort_id=cohort_id, stream_id=stream_id)


def under_way() -> list[int]:
    """List the texts that could not be opened when they were last looked at (one query)."""
    return happened.subjects_whose_latest(BEGINS, *ENDS)
