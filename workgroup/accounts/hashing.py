"""At most two passwords are hashed at once: each takes 64 MB and, for a moment, a core."""

from threading import BoundedSemaphore
from typing import Any, cast

AT_ONCE = 2


class BoundedHasher:
    """Flask-Security's context of hashes, bounded to two hashes at once."""

    def __init__(self, context: Any) -> None:  # noqa: ANN401 - passlib ships no types
        self.context = context
        self.slots = BoundedSemaphore(AT_ONCE)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the context has
        return getattr(self.context, name)

    def hash(self, *arguments: Any, **options: Any) -> str:  # noqa: ANN401 - the context's
        """Hash a password when a slot is free."""
        with self.slots:
            return cast("str", self.context.hash(*arguments, **options))

    def verify(self, *arguments: Any, **options: Any) -> bool:  # noqa: ANN401 - the context's
        """Compare a password when a slot is free."""
        with self.slots:
            return cast("bool", self.context.verify(*arguments, **options))
