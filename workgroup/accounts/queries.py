"""Reading accounts. Nothing here changes anything."""

from datetime import datetime
from functools import cache
from hashlib import sha256

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, select

from workgroup import clock
from workgroup.accounts.models import SIGN_IN_LASTS, SignIn, User
from workgroup.database import db, lock_row


def find_user(email: str) -> User | None:
    """Return the account of an address in its normal form."""
    return db.session.scalars(select(User).where(User.email == email)).first()


def find_person(user_id: int) -> User | None:
    """Return the account with this number; no query when it is loaded already."""
    return db.session.get(User, user_id)


def digest(key: str) -> str:
    """Return the stored form of a cookie's key; with 256 random bits it needs no slow hash."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def is_living(key: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for a sign-in that still counts; the query must join its person."""
    return _living(digest(key), clock.now() - SIGN_IN_LASTS)


def find_signed_in(key: str) -> tuple[User, SignIn] | None:
    """Return the person who is signed in with a key, if the sign-in still counts (one query)."""
    since = clock.now() - SIGN_IN_LASTS
    found = db.session.execute(_signed_in(), {"digest": digest(key), "since": since})
    row = found.first()
    return (row[0], row[1]) if row else None


def _living(
    digest: str | BindParameter[str], since: datetime | BindParameter[datetime]
) -> tuple[ColumnElement[bool], ...]:
    return (
        SignIn.key_digest == digest,
        SignIn.ended_at.is_(None),
        SignIn.began_at > since,
        SignIn.uniquifier == User.fs_uniquifier,
        User.active.is_(True),
    )


# Every request asks this, and building a statement takes longer than running it.
@cache
def _signed_in() -> Select[User, SignIn]:
    return (
        select(User, SignIn)
        .join(SignIn, SignIn.user_id == User.id)
        .where(*_living(bindparam("digest"), bindparam("since")))
    )


def lock_person(person: User) -> None:
    """Read an account again and lock it until the transaction ends."""
    lock_row(person)
