"""Acting once on the form of the current request."""

from collections.abc import Callable
from typing import Protocol

from flask import request
from flask_login import current_user

from workgroup.sending import services


class HasId(Protocol):
    """A row with an id."""

    @property
    def id(self) -> int:
        """Its number."""


def do_once(
    make: Callable[[], HasId], *, stands: Callable[[int], object] = bool
) -> int:
    """Do what the form asks for, unless exactly this form was acted on before.

    For forms that make something; one that only sets values is safe to send twice anyway.
    Call it inside the block that writes. The answer is the same both times.

    Args:
        make: does it, and returns what it made.
        stands: finds by its id what was made before. If that is gone, or no longer as the
            form wanted it, the form is acted on again. Left out if what is made is never
            removed.

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
