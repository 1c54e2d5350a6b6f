"""Acting once on the form of the request at hand."""

from collections.abc import Callable

from flask import request
from flask_login import current_user

from workgroup.sending import services


def do_once(make: Callable[[], object]) -> int:
    """Do what the form asks for, unless this very form has been acted upon before.

    Returns the id of what was made, now or then; 0 where it has none.

    To be called inside the block that writes; the answer is then the same as the first.

    Args:
        make: does it, and returns what it made, of which the id is kept.
    """
    fields = request.form.items(multi=True)

    def make_and_name() -> int:
        return int(getattr(make(), "id", 0))

    return services.once(current_user.id, request.path, fields, make_and_name)
