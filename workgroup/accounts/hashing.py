"""How passwords are hashed: at most two at once, and never inside a transaction.

A hash takes 64 MB and, for a moment, a whole core. If it ran while a transaction holds a
lock, a few strangers with wrong passwords could keep everybody else from saving.
"""

from threading import BoundedSemaphore
from typing import Any, cast

from flask import has_app_context

from workgroup.database import end_transaction

AT_ONCE = 2
LONGEST = 4096  # characters of a password, which the library takes


class BoundedHasher:
    """Flask-Security's context of hashes, bounded to two hashes at once."""

    def __init__(self, context: Any) -> None:  # noqa: ANN401 - passlib ships no types
        self.context = context
        self.slots = BoundedSemaphore(AT_ONCE)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the context has
        return getattr(self.context, name)

    def hash(self, secret: str, **options: Any) -> str:  # noqa: ANN401 - the context's
        """Hash a password when a slot is free, as far as the library takes it.

        Nobody can choose a longer one. Signing in with one takes as long as with any other, so
        that the time does not show whether there is an account.

        Raises:
            RuntimeError: the current transaction has written something.
        """
        _hold_no_lock()
        with self.slots:
            return cast("str", self.context.hash(secret[:LONGEST], **options))

    def verify(self, secret: str, *arguments: Any, **options: Any) -> bool:  # noqa: ANN401 - the context's
        """Compare a password when a slot is free.

        Raises:
            RuntimeError: the current transaction has written something.
        """
        _hold_no_lock()
        with self.slots:
            same = self.context.verify(secret[:LONGEST], *arguments, **options)
        return bool(same) and len(secret) <= LONGEST


def _hold_no_lock() -> None:
    if has_app_context():  # there is no transaction outside of one
        end_transaction()
