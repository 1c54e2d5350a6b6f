"""What can be done with an account. Services change; entry points commit."""

import secrets

from flask_security import hash_password

from workgroup import clock
from workgroup.accounts import queries
from workgroup.accounts.models import User
from workgroup.database import db
from workgroup.errors import DomainError


class AddressTakenError(DomainError):
    """An account with this address exists."""


def create_user(
    email: str, password: str, *, may_found: bool = False, printed_name: str = ""
) -> User:
    """Create an account; the password is hashed with argon2id (about 50 ms).

    Raises:
        AddressTakenError: an account with this address exists.
    """
    email = normal_address(email)
    if queries.find_user(email) is not None:
        raise AddressTakenError(f"{email} has an account already.")
    user = User(
        email=email,
        password=hash_password(password),
        fs_uniquifier=secrets.token_hex(32),
        may_found=may_found,
        printed_name=printed_name,
        created_at=clock.now(),
    )
    db.session.add(user)
    db.session.flush()
    return user


def normal_address(email: str) -> str:
    """Return the one form in which an address is stored and looked up."""
    return email.strip().lower()
