"""The demonstration's cohort and people, created and invited as real ones are."""

from flask_security import hash_password

from workgroup.accounts import services as accounts
from workgroup.accounts.models import User
from workgroup.cohorts import invitations, queries
from workgroup.cohorts import services as cohorts
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Assignment, Role
from workgroup.demo.accounts import Account, new_password
from workgroup.demo.texts import CohortText, Person

LANGUAGES = {"JP": "ja", "KR": "ko"}


def found(text: CohortText) -> tuple[dict[str, Membership], list[Account]]:
    """Create the cohort; return its people by key, and how to sign in as each.

    Hashes a password for each person: about 50 ms each.
    """
    founder = next(one for one in text.people if Role.ORGANIZER in one.roles)
    # Before anything is written: hashing is slow, and writers wait for each other.
    passwords = {person.key: new_password() for person in text.people}
    hashes = {key: hash_password(password) for key, password in passwords.items()}

    def sign_up(person: Person) -> tuple[Account, User]:
        return _sign_up(person, passwords[person.key], hashes[person.key])

    account, user = sign_up(founder)
    plan = cohorts.Plan(
        text.name, text.slug, list(text.delegations), list(text.subgroups)
    )
    organizer = cohorts.found(user, plan)
    organizer.cohort.notice = text.notice
    people, known = {founder.key: organizer}, [account]
    for person in text.people:
        if person is not founder:
            account, user = sign_up(person)
            people[person.key] = _welcome(organizer, person, user)
            known.append(account)
    return people, known


def _sign_up(person: Person, password: str, password_hash: str) -> tuple[Account, User]:
    founds = Role.ORGANIZER in person.roles
    user = accounts.create_user(person.address, password_hash, may_found=founds)
    accounts.save_profile(
        user,
        printed_name=person.name,
        native_name=person.native_name,
        native_language=LANGUAGES.get(person.delegation or "", ""),
        name_order=person.name_order,
        affiliation=person.affiliation,
        sector=person.sector,
        time_zone=person.zone,
        cohorts_of=queries.cohorts_of,
    )
    role = ", ".join([*sorted(person.roles), *filter(None, [person.delegation])])
    return Account(person.address, role, password), user


def _welcome(organizer: Membership, person: Person, user: User) -> Membership:
    cohort_id = organizer.cohort_id
    delegations = {one.code: one.id for one in queries.delegations(cohort_id)}
    subgroups = {one.name: one.id for one in queries.subgroups(cohort_id)}
    assignment = Assignment(
        person.roles,
        delegations[person.delegation] if person.delegation else None,
        subgroups[person.subgroup] if person.subgroup else None,
    )
    invitation = invitations.invite(organizer, person.address, assignment)
    return invitations.accept(invitation, user)
