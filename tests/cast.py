"""The fixed cast: invented people whose names always mean the same.

Olivia organizes, Amy (US), Hana (JP) and Minjun (KR) are members, Paul publishes, Oscar
observes; Sam belongs to another cohort only. Everybody has the same password.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update

from workgroup.accounts.models import SignIn, User
from workgroup.accounts.queries import digest
from workgroup.cohorts import queries as cohorts
from workgroup.cohorts.models import Cohort, Delegation, Membership, Subgroup
from workgroup.cohorts.roles import Role
from workgroup.database import db

PASSWORD = "correct horse battery staple"
SLUG = "trilateral"
OTHER_SLUG = "elsewhere"
NEVER_OLD = datetime(2100, 1, 1, tzinfo=UTC)
JOINED = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
EVERYBODY = ("olivia", "amy", "hana", "minjun", "paul", "oscar")


@dataclass(frozen=True)
class Person:
    """One of the cast, as a line of the table below."""

    name: str
    printed: str
    native: str
    language: str
    roles: frozenset[Role]
    code: str | None
    zone: str


PEOPLE = [
    Person("olivia", "Olivia Okafor", "", "", frozenset({Role.ORGANIZER}), None, "America/New_York"),
    Person("amy", "Amy Adler", "", "", frozenset({Role.MEMBER}), "US", "America/New_York"),
    Person("hana", "Hana Hoshino", "星野 花", "ja", frozenset({Role.MEMBER}), "JP", "Asia/Tokyo"),
    Person("minjun", "Minjun Ma", "마민준", "ko", frozenset({Role.MEMBER}), "KR", "Asia/Seoul"),
    Person("paul", "Paul Petit", "", "", frozenset({Role.PUBLISHER}), None, "America/New_York"),
    Person("oscar", "Oscar Olsen", "", "", frozenset({Role.OBSERVER}), None, "UTC"),
]  # fmt: skip
DELEGATIONS = [("US", "United States"), ("JP", "Japan"), ("KR", "Republic of Korea")]


def address(name: str) -> str:
    """Return the address that somebody of the cast signs in with."""
    return f"{name}@cast.example"


def uniquifier(name: str) -> str:
    """Return what a session of somebody of the cast holds, and what ends all of them."""
    return f"cast-{name}"


def user_id(name: str) -> int:
    """Return the id of somebody's account."""
    return db.session.scalars(select(User.id).where(User.email == address(name))).one()


def person(name: str) -> Membership:
    """Return somebody of the cast as a member, with cohort, account and delegation."""
    member = cohorts.find_membership(SLUG, user_id(name))
    assert member is not None
    return member


def found_both_cohorts(password_hash: str) -> None:
    """Write both cohorts and everybody in them; the caller commits."""
    cohort = Cohort(slug=SLUG, name="Trilateral Working Group", created_at=JOINED)
    other = Cohort(slug=OTHER_SLUG, name="Another Working Group", created_at=JOINED)
    db.session.add_all([cohort, other])
    db.session.flush()
    delegations = {
        code: Delegation(cohort_id=cohort.id, code=code, name=name, position=position)
        for position, (code, name) in enumerate(DELEGATIONS, 1)
    }
    subgroup = Subgroup(cohort_id=cohort.id, name="Domestic constraints", position=1)
    db.session.add_all([*delegations.values(), subgroup])
    db.session.flush()
    for person in PEOPLE:
        user = write_user(person.name, person.printed, password_hash, person.zone)
        user.native_name, user.native_language = person.native, person.language
        delegation = delegations[person.code] if person.code else None
        db.session.add(
            Membership(
                cohort_id=cohort.id,
                user_id=user.id,
                roles=person.roles,
                delegation_id=delegation.id if delegation else None,
                subgroup_id=subgroup.id if delegation else None,
                joined_at=JOINED,
            )
        )
    sam = write_user("sam", "Sam Stranger", password_hash, "UTC")
    db.session.add(
        Membership(
            cohort_id=other.id,
            user_id=sam.id,
            roles=frozenset({Role.ORGANIZER}),
            joined_at=JOINED,
        )
    )


def write_user(name: str, printed: str, password_hash: str, zone: str) -> User:
    """Write one account; Olivia may create cohorts."""
    user = User(
        email=address(name),
        password=password_hash,
        fs_uniquifier=uniquifier(name),
        may_found=name == "olivia",
        printed_name=printed,
        time_zone=zone,
        created_at=JOINED,
    )
    db.session.add(user)
    db.session.flush()
    sign_in(user, uniquifier(name))
    return user


def write_colleagues(of: Membership, number: int) -> list[User]:
    """Write this many people, Person 000 and so on, who sit where one sits."""
    colleagues = []
    for one in range(number):
        user = write_user(f"a{one}", f"Person {one:03}", "!", "UTC")
        db.session.add(
            Membership(
                cohort_id=of.cohort_id,
                user_id=user.id,
                roles=of.roles,
                delegation_id=of.delegation_id,
                subgroup_id=of.subgroup_id,
                joined_at=JOINED,
            )
        )
        colleagues.append(user)
    return colleagues


def sign_in(user: User, key: str) -> None:
    """Let a cookie with this key be somebody's, whatever time a test pretends."""
    db.session.add(
        SignIn(
            user_id=user.id,
            key_digest=digest(key),
            uniquifier=user.fs_uniquifier,
            browser="",
            began_at=NEVER_OLD,
        )
    )
    db.session.flush()


def sign_in_again() -> None:
    """Make the cookies of people who signed out in an earlier test valid again."""
    of_the_cast = SignIn.began_at == NEVER_OLD
    db.session.execute(update(SignIn).where(of_the_cast).values(ended_at=None))
