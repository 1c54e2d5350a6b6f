"""Loading the demonstration into an empty instance, through the features' services."""

from flask_babel import gettext as _
from sqlalchemy import inspect, select

from workgroup import clock
from workgroup.accounts.models import User
from workgroup.database import db
from workgroup.demo import people, texts
from workgroup.demo.accounts import Account
from workgroup.demo.days import Calendar
from workgroup.demo.story import Story, play
from workgroup.errors import DomainError


class NotEmptyError(DomainError):
    """The instance has people already."""


def is_empty() -> bool:
    """Return whether nobody has an account yet, or there is not even a schema."""
    if not inspect(db.session.connection()).has_table(User.__tablename__):
        return True
    return db.session.scalars(select(User.id).limit(1)).first() is None


def require_empty() -> None:
    """Refuse an instance that is in use.

    Raises:
        NotEmptyError: somebody has an account; a demo must not be mixed with real work.
    """
    if not is_empty():
        raise NotEmptyError(
            _(
                "This instance is already in use, and the demo needs an empty one. Set WORKGROUP_INSTANCE to another folder."
            )
        )


def load() -> list[Account]:
    """Play the demo: found its cohort, write, discuss and vote; return its accounts.

    Takes some seconds: passwords are hashed, and each text is read once, when it is
    frozen. Nothing is committed.

    Raises:
        NotEmptyError: somebody has an account here.
    """
    require_empty()
    text = texts.read()
    calendar = Calendar(clock.now())
    with clock.pretend(calendar.office(text.founded)):
        members, accounts = people.found(text)
    play(Story(text, calendar, members).acts())
    return accounts
