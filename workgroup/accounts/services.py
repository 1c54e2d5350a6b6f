"""What can be done with an account. Services change; entry points commit."""

import secrets
from collections.abc import Callable, Collection

from workgroup import clock
from workgroup.accounts import queries
from workgroup.accounts.mailbox import normal_address
from workgroup.accounts.models import NameOrder, Sector, SignIn, User
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.database import db
from workgroup.errors import DomainError

CohortsOf = Callable[[int], Collection[int]]  # where a person's name shows


class AddressTakenError(DomainError):
    """An account with this address exists."""


def create_user(
    email: str,
    password_hash: str,
    *,
    may_found: bool = False,
    printed_name: str = "",
    invited: bool = False,
) -> User:
    """Create an account.

    Args:
        email: as typed; it is brought into its normal form here.
        password_hash: computed before the writing transaction, because hashing is slow.
        may_found: whether the person may create cohorts.
        printed_name: as the person is named.
        invited: whether the person does it, and not the operator.

    Raises:
        AddressTakenError: an account with this address exists.
    """
    email = normal_address(email)
    if queries.find_user(email) is not None:
        raise AddressTakenError(f"{email} has an account already.")
    user = User(
        email=email,
        password=password_hash,
        fs_uniquifier=secrets.token_hex(32),
        may_found=may_found,
        printed_name=printed_name,
        created_at=clock.now(),
    )
    db.session.add(user)
    db.session.flush()
    acts.note(Act.ACCOUNT_CREATED, user.id, by=user.id if invited else None)
    return user


def save_profile(
    person: User,
    *,
    printed_name: str,
    native_name: str,
    native_language: str,
    name_order: NameOrder,
    affiliation: str,
    sector: Sector | None,
    time_zone: str,
    cohorts_of: CohortsOf,
) -> None:
    """Save a person's profile; open editors learn of another name."""
    before = _name(person)
    person.printed_name = printed_name
    person.native_name = native_name
    person.native_language = native_language
    person.name_order = name_order
    person.affiliation = affiliation
    person.sector = sector
    person.time_zone = time_zone
    _note_renamed(person, before, cohorts_of)


def begin_sign_in(person: User, browser: str) -> str:
    """Sign a browser in; return the key for its cookie."""
    key = secrets.token_urlsafe(32)
    sign_in = SignIn(
        user_id=person.id,
        key_digest=queries.digest(key),
        uniquifier=person.fs_uniquifier,
        browser=browser,
        began_at=clock.now(),
    )
    db.session.add(sign_in)
    db.session.flush()
    return key


def end_sign_in(key: str) -> None:
    """End the sign-in of a key; safe to call twice."""
    found = queries.find_signed_in(key)
    if found is not None:
        found[1].ended_at = clock.now()


def save_name_and_zone(
    person: User, printed_name: str, time_zone: str, cohorts_of: CohortsOf
) -> None:
    """Save the name and the time zone of a person whose account somebody else created."""
    before = _name(person)
    person.printed_name = printed_name
    person.time_zone = time_zone
    _note_renamed(person, before, cohorts_of)


def _name(person: User) -> tuple[str, ...]:
    """Return what others may see of a name, and how it is written."""
    return (
        person.printed_name,
        person.native_name,
        person.native_language,
        person.name_order,
    )


def _note_renamed(person: User, before: tuple[str, ...], cohorts_of: CohortsOf) -> None:
    """Record another name in the log of each cohort, without either name (one query)."""
    if _name(person) == before:
        return
    cohort_ids: Collection[int | None] = cohorts_of(person.id) or [None]
    for cohort_id in cohort_ids:
        acts.note(Act.ACCOUNT_RENAMED, person.id, by=person.id, cohort_id=cohort_id)
