"""What can be done with a cohort and its people. Services change; entry points commit."""

from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from workgroup import clock
from workgroup.accounts.models import User
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.cohorts import promises, queries, slugs
from workgroup.cohorts.models import Cohort, Delegation, Membership, Subgroup
from workgroup.cohorts.roles import Assignment, Role
from workgroup.database import Model, db
from workgroup.errors import DomainError, GoneError


class NameTakenError(DomainError):
    """A slug, a code or a name is taken already."""


class StillUsedError(DomainError):
    """The delegation or subgroup cannot be removed: people, sections or ballots refer to it."""


class AssignmentError(DomainError):
    """The roles, the delegation and the subgroup do not fit each other."""


class LastOrganizerError(DomainError):
    """A cohort keeps at least one organizer."""


class HasLeftError(GoneError):
    """The person is no longer in the cohort."""


@dataclass(frozen=True)
class Plan:
    """What a new cohort begins with."""

    name: str
    slug: str = ""  # empty: made from the name
    delegations: list[tuple[str, str]] = field(default_factory=list)  # code, name
    subgroups: list[str] = field(default_factory=list)


def found(founder: User, plan: Plan) -> Membership:
    """Create a cohort and make its founder the first organizer.

    Raises:
        NameTakenError: the slug is taken, reserved or cannot be made from the name.
    """
    slug = plan.slug or slugs.propose(plan.name)
    if not slugs.is_usable(slug):
        raise NameTakenError(
            _("Choose another short name, using Latin letters, digits and hyphens.")
        )
    cohort = Cohort(slug=slug, name=plan.name, created_at=clock.now())
    _add_once(
        cohort,
        _("Another cohort already uses this short name. Choose a different one."),
    )
    membership = Membership(
        cohort=cohort,
        user=founder,
        roles=frozenset({Role.ORGANIZER}),
        joined_at=clock.now(),
    )
    db.session.add(membership)
    db.session.flush()
    _note(Act.COHORT_FOUNDED, cohort.id, membership)
    for code, name in plan.delegations:
        add_delegation(membership, code, name)
    for name in plan.subgroups:
        add_subgroup(membership, name)
    return membership


def rename(organizer: Membership, name: str) -> None:
    """Rename the cohort; its address stays."""
    if organizer.cohort.name == name:
        return
    organizer.cohort.name = name
    _note(Act.COHORT_RENAMED, organizer.cohort_id, organizer)


def add_delegation(organizer: Membership, code: str, name: str) -> Delegation:
    """Add a delegation after the others.

    Raises:
        NameTakenError: the cohort has this code.
    """
    cohort_id = organizer.cohort_id
    delegation = Delegation(
        cohort_id=cohort_id,
        code=code,
        name=name,
        position=queries.next_position(Delegation, cohort_id),
    )
    _add_once(delegation, _code_taken(code))
    _note(Act.DELEGATION_ADDED, delegation.id, organizer)
    return delegation


def change_delegation(
    organizer: Membership, delegation: Delegation, code: str, name: str
) -> None:
    """Change a delegation's code or name; past ballots show the new one too.

    Raises:
        NameTakenError: another delegation of the cohort has this code.
    """
    if (delegation.code, delegation.name) == (code, name):
        return
    try:
        with db.session.begin_nested():
            delegation.code, delegation.name = code, name
    except IntegrityError as taken:
        raise NameTakenError(_code_taken(code)) from taken
    _note(Act.DELEGATION_CHANGED, delegation.id, organizer)


def add_subgroup(organizer: Membership, name: str) -> Subgroup:
    """Add a subgroup after the others.

    Raises:
        NameTakenError: the cohort has a subgroup of this name.
    """
    cohort_id = organizer.cohort_id
    subgroup = Subgroup(
        cohort_id=cohort_id,
        name=name,
        position=queries.next_position(Subgroup, cohort_id),
    )
    _add_once(subgroup, _subgroup_taken(name))
    _note(Act.SUBGROUP_ADDED, subgroup.id, organizer)
    return subgroup


def change_subgroup(organizer: Membership, subgroup: Subgroup, name: str) -> None:
    """Rename a subgroup.

    Raises:
        NameTakenError: another subgroup of the cohort has this name.
    """
    if subgroup.name == name:
        return
    try:
        with db.session.begin_nested():
            subgroup.name = name
    except IntegrityError as taken:
        raise NameTakenError(_subgroup_taken(name)) from taken
    _note(Act.SUBGROUP_CHANGED, subgroup.id, organizer)


def remove_part(organizer: Membership, part: Delegation | Subgroup) -> None:
    """Remove a delegation or a subgroup that nothing refers to yet.

    Raises:
        GoneError: somebody has removed it meanwhile.
        StillUsedError: people, invitations, sections or ballots name it.
    """
    queries.lock(part, "name")
    try:
        with db.session.begin_nested():
            db.session.delete(part)
    except IntegrityError as used:
        # The foreign keys know what refers to it, in features above this one too.
        raise StillUsedError(
            _(
                "People, invitations, sections or ballots still belong to it, so it can’t be removed. You can change it instead."
            )
        ) from used
    is_delegation = isinstance(part, Delegation)
    act = Act.DELEGATION_REMOVED if is_delegation else Act.SUBGROUP_REMOVED
    _note(act, part.id, organizer)


def check_assignment(cohort_id: int, assignment: Assignment) -> None:
    """Refuse an assignment that the rules do not allow (at most two queries).

    Raises:
        AssignmentError: no role; a voter without a delegation, or a delegation without a
            vote; a delegation or subgroup of another cohort.
    """
    if not assignment.roles:
        raise AssignmentError(_("Choose at least one role."))
    if assignment.votes and assignment.delegation_id is None:
        raise AssignmentError(_("Members vote as part of a delegation. Choose one."))
    if not assignment.votes and assignment.delegation_id is not None:
        raise AssignmentError(
            _("Only members have a delegation. Leave it empty, or add the member role.")
        )
    delegation, subgroup = assignment.delegation_id, assignment.subgroup_id
    if delegation and queries.find_delegation(cohort_id, delegation) is None:
        raise AssignmentError(_("This delegation does not belong to this cohort."))
    if subgroup and queries.find_subgroup(cohort_id, subgroup) is None:
        raise AssignmentError(_("This subgroup does not belong to this cohort."))


def move(organizer: Membership, person: Membership, assignment: Assignment) -> None:
    """Change somebody's roles, delegation and subgroup; open editors check them again.

    Raises:
        AssignmentError: the assignment breaks a rule.
        HasLeftError: the person has left meanwhile.
        LastOrganizerError: the cohort would have no organizer left.
        KnownByDelegationError: another delegation would reveal what the person did.
    """
    _lock_present(person)
    check_assignment(organizer.cohort_id, assignment)
    now = Assignment(person.roles, person.delegation_id, person.subgroup_id)
    if assignment == now:
        return
    if Role.ORGANIZER not in assignment.roles:
        _keep_an_organizer(person)
    if assignment.delegation_id != person.delegation_id:
        promises.keep_delegation(person)
    person.roles = assignment.roles
    person.delegation_id, person.subgroup_id = (
        assignment.delegation_id,
        assignment.subgroup_id,
    )
    _note(Act.MEMBERSHIP_CHANGED, person.id, organizer)


def remove(organizer: Membership, person: Membership) -> None:
    """End somebody's membership; pages answer 404 at once, sockets close in seconds.

    What the person wrote and how he or she voted stays.

    Raises:
        HasLeftError: the person has left meanwhile.
        LastOrganizerError: the cohort would have no organizer left.
    """
    _lock_present(person)
    _keep_an_organizer(person)
    person.ended_at = clock.now()
    _note(Act.MEMBERSHIP_ENDED, person.id, organizer)


def _lock_present(person: Membership) -> None:
    """Lock a membership and read it again: somebody else may have ended it meanwhile."""
    queries.lock(person, "ended_at", "roles", "delegation_id", "subgroup_id")
    if person.ended_at is not None:
        raise HasLeftError(
            _(
                "Someone else has just removed this person from the cohort. Nothing more was changed."
            )
        )


def _keep_an_organizer(person: Membership) -> None:
    if queries.organizers_under_lock(person.cohort_id) == [person.id]:
        raise LastOrganizerError(
            _("A cohort needs an organizer. Make someone else an organizer first.")
        )


def _add_once(thing: Model, taken: str) -> None:
    """Insert what a unique constraint guards; ``taken`` is the sentence if it is there."""
    try:
        with db.session.begin_nested():
            db.session.add(thing)
    except IntegrityError as error:
        raise NameTakenError(taken) from error


def _code_taken(code: str) -> str:
    return str(
        _("This cohort already has a delegation with the code %(code)s.", code=code)
    )


def _subgroup_taken(name: str) -> str:
    return str(_("This cohort already has a subgroup named %(name)s.", name=name))


def _note(act: Act, subject_id: int, by: Membership) -> None:
    acts.note(act, subject_id, by=by.user_id, cohort_id=by.cohort_id)
