"""Acting once on the form of the request at hand."""

from collections.abc import Callable
from typing import Protocol

from flask import request
from flask_login import current_user

from workgroup.sending import services


class HasId(Protocol):
    """A row, by the number that names it."""

    @property
    def id(self) -> int:
        """Its number."""


def do_once(
    make: Callable[[], HasId], *, stands: Callable[[int], object] = bool
) -> int:
    """Do what the form asks for, unless this very form has been acted upon before.

    For forms that make something: one that only sets values is safe to send twice as it
    is. To be called inside the block that writes; the answer is the same as the first.

    Args:
        make: does it, and returns what it made.
        stands: finds by its id what was made before; when that is gone, or no longer as
            the form wanted it, the form is acted upon again. Left out where what is made
            is never taken away.

    Returns:
        The id of what was made, now or then.
    """
    fields = request.form.items(multi=True)
    return services.once(
        current_user.id,
        request.path,
        fields,
        lambda: make().id,
        lambda made: bool(stands(made)),
    )
