"""Reading accounts. Nothing here changes anything."""

from sqlalchemy import func, select

from workgroup.accounts.models import User
from workgroup.database import db


def find_user(email: str) -> User | None:
    """Return the account of an address in its normal form."""
    return db.session.scalars(select(User).where(User.email == email)).first()


def count_users() -> int:
    """Say how many accounts there are; none means an empty instance."""
    return db.session.scalar(select(func.count(User.id))) or 0


def find_person(user_id: int) -> User | None:
    """Return the account with this number; no query when it is loaded already."""
    return db.session.get(User, user_id)
