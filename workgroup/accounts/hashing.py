"""How passwords are hashed: at most two at once, and never inside a transaction.

A hash takes 64 MB and, for a moment, a whole core. If it ran while a transaction holds a
lock, a few strangers with wrong passwords could keep everybody else from saving.
"""

from threading import BoundedSemaphore
from typing import Any, cast

from flask import has_app_context

from workgroup.database import end_transaction

AT_ONCE = 2


class BoundedHasher:
    """Flask-Security's context of hashes, bounded to two hashes at once."""

    def __init__(self, context: Any) -> None:  # noqa: ANN401 - passlib ships no types
        self.context = context
        self.slots = BoundedSemaphore(AT_ONCE)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the context has
        return getattr(self.context, name)

    def hash(self, *arguments: Any, **options: Any) -> str:  # noqa: ANN401 - the context's
        """Hash a password when a slot is free.

        Raises:
            RuntimeError: the current transaction has written something.
        """
        _hold_no_lock()
        with self.slots:
            return cast("str", self.context.hash(*arguments, **options))

    def verify(self, *arguments: Any, **options: Any) -> bool:  # noqa: ANN401 - the context's
        """Compare a password when a slot is free.

        Raises:
            RuntimeError: the current transaction has written something.
        """
        _hold_no_lock()
        with self.slots:
            return cast("bool", self.context.verify(*arguments, **options))


def _hold_no_lock() -> None:
    if has_app_context():  # there is no transaction outside of one
        end_transaction()
