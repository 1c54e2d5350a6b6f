"""Reading accounts. Nothing here changes anything."""

from hashlib import sha256

from sqlalchemy import ColumnElement, func, select

from workgroup import clock
from workgroup.accounts.models import SIGN_IN_LASTS, SignIn, User
from workgroup.database import db


def find_user(email: str) -> User | None:
    """Return the account of an address in its normal form."""
    return db.session.scalars(select(User).where(User.email == email)).first()


def count_users() -> int:
    """Return how many accounts there are; none means an empty instance."""
    return db.session.scalar(select(func.count(User.id))) or 0


def find_person(user_id: int) -> User | None:
    """Return the account with this number; no query when it is loaded already."""
    return db.session.get(User, user_id)


def digest(key: str) -> str:
    """Return what is stored of a cookie's key; with 256 random bits no slow hash is needed."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def is_living(key: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on a sign-in and its person, for a query that joins both."""
    return (
        SignIn.key_digest == digest(key),
        SignIn.ended_at.is_(None),
        SignIn.began_at > clock.now() - SIGN_IN_LASTS,
        SignIn.uniquifier == User.fs_uniquifier,
        User.active.is_(True),
    )


def find_signed_in(key: str) -> tuple[User, SignIn] | None:
    """Return whose browser holds a key, while it counts (one query)."""
    found = db.session.execute(
        select(User, SignIn)
        .join(SignIn, SignIn.user_id == User.id)
        .where(*is_living(key))
    ).first()
    return (found[0], found[1]) if found else None


def lock_person(person: User) -> None:
    """Read an account again and lock it until the transaction ends."""
    db.session.refresh(person, with_for_update=True)
