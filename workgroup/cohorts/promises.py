"""How a cohort names its people: the organizer decides, but never to show more than was promised."""

from collections.abc import Callable, Collection, Mapping

from flask_babel import gettext as _

from workgroup.acts import queries as done
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.cohorts import queries
from workgroup.cohorts.attribution import (
    DECIDED,
    Mode,
    Surface,
    Trace,
    exposed,
    shows_more,
)
from workgroup.cohorts.labels import SURFACES
from workgroup.cohorts.models import Cohort, Membership
from workgroup.database import db
from workgroup.errors import DomainError


class PromiseError(DomainError):
    """People have written here under a promise to show less of their names, which must be kept."""


class KnownByDelegationError(DomainError):
    """People know what a person did by the delegation, which would change with the person's."""


class MoreNamesError(DomainError):
    """What somebody sent would show more of his or her name than the page announced."""


# Where the delegation beside what somebody did is that of the membership: ballots keep their own.
ACTS_SHOWN: Mapping[Surface, frozenset[Act]] = {
    Surface.COMMENTS: frozenset(
        {Act.THREAD_OPENED, Act.COMMENT_ADDED, Act.THREAD_RESOLVED}
    ),
    Surface.HISTORY: frozenset(
        {
            Act.SECTION_FROZEN,
            Act.SECTION_REOPENED,
            Act.BALLOT_OPENED,
            Act.EXPORT_REQUESTED,
            Act.COHORT_ATTRIBUTION_CHANGED,
        }
    ),
}


def keep(writer: Membership, trace: Trace) -> Mapping[Surface, Mode]:
    """Keep the naming as it is until the transaction ends, for somebody who leaves a trace.

    So a first trace and a change that shows more wait for each other: either the change finds
    the trace and is refused, or the writer finds the change. Later traces need none of
    it, for the first already prevents such a change. A transaction that locks the cohort to
    change it takes no lock of a section, a thread or a ballot, so this lock may come before
    or after those without a deadlock.

    Args:
        writer: with the cohort as it was read for the page that the writer saw.
        trace: what is about to be left.

    Returns:
        How the cohort names people until the transaction ends.

    Raises:
        MoreNamesError: by now the cohort shows more.
    """
    seen = queries.modes_seen(writer.cohort.modes)
    now = queries.modes_held(writer.cohort_id)
    more = exposed(trace, seen=seen, now=now)
    if more:
        queries.remember_seen(now)  # the sentence below says so: sent again, it counts
        raise MoreNamesError(
            _(
                "“%(surface)s” now shows more of your name than when you opened this page. "
                "Nothing was sent. If you agree, send it again.",
                surface=SURFACES[more[0]],
            )
        )
    return now


def lock(cohort: Cohort) -> None:
    """Read again how a cohort names people and keep others from changing it."""
    queries.lock(cohort, *(f"names_{one.value}" for one in DECIDED))


def set_modes(
    organizer: Membership,
    wanted: Mapping[Surface, Mode],
    in_use: Callable[[int], Collection[Surface]],
) -> bool:
    """Decide how each surface names people; return whether anything has changed.

    Args:
        organizer: who decides.
        wanted: the mode of each surface.
        in_use: returns the surfaces of a cohort on which anybody has left a trace;
            called under the cohort's lock.

    Raises:
        PromiseError: a surface that is in use would show more than it does now.
    """
    cohort = organizer.cohort
    lock(cohort)
    now = cohort.modes
    more = [one for one in DECIDED if shows_more(wanted[one], now[one])]
    for surface in DECIDED if more else ():
        if surface in more and surface in in_use(cohort.id):
            raise PromiseError(
                _(
                    "“%(surface)s” can’t show more names than it does now, because people have "
                    "already written there without being named. Leave it as it is, or "
                    "create a new cohort in which people are named.",
                    surface=SURFACES[surface],
                )
            )
    if all(wanted[one] is now[one] for one in DECIDED):
        return False
    for surface in DECIDED:
        setattr(cohort, f"names_{surface.value}", wanted[surface])
    db.session.flush()
    acts.note(
        Act.COHORT_ATTRIBUTION_CHANGED,
        cohort.id,
        by=organizer.user_id,
        cohort_id=cohort.id,
    )
    return True


def keep_delegation(person: Membership) -> None:
    """Refuse another delegation for somebody whose contributions show under the present one.

    All of them would change at one stroke, and the list of people tells who has moved. A new
    membership has no such effect: what was done under the old one keeps its delegation.

    Raises:
        KnownByDelegationError: the person has done something that shows by delegation.
    """
    cohort = person.cohort
    lock(cohort)
    for surface, shown in ACTS_SHOWN.items():
        if cohort.modes[surface] is not Mode.DELEGATION:
            continue
        if done.has_done(person.user_id, cohort.id, shown, person.joined_at):
            raise KnownByDelegationError(
                _(
                    "“%(surface)s” shows people by delegation. What this person has done there would "
                    "now show under the new delegation and reveal who did it. Remove the person "
                    "from the cohort, then invite them again with the new delegation: earlier "
                    "contributions stay as they are. Votes cast in open ballots count, but can’t "
                    "be changed after that.",
                    surface=SURFACES[surface],
                )
            )
