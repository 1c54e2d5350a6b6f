"""Acting once on the form of the current request."""

from collections.abc import Callable
from typing import Protocol

from flask import request
from flask_login import current_user

from workgroup.sending import services

PRESSED = 0  # stands for what a button made, which is nothing with an id


class HasId(Protocol):
    """A row with an id."""

    @property
    def id(self) -> int:
        """Its number."""


def do_once(
    make: Callable[[], HasId], *, stands: Callable[[int], object] = bool
) -> int:
    """Do what the form asks for, unless exactly this form was acted on before.

    For forms that make something; one that only sets values is safe to send twice anyway,
    and what a button does to something is ``press_once``. Call it inside the block that
    writes. The answer is the same both times.

    Args:
        make: does it, and returns what it made.
        stands: finds by its id what was made before. If that is gone, or no longer as the
            form wanted it, the form is acted on again. Left out if what is made is never
            removed.

    Returns:
        The id of what was made, now or then.
    """
    return _once(lambda: make().id, lambda made: bool(stands(made)))


def press_once(act: Callable[[], object], *, stands: Callable[[], object]) -> None:
    """Do what a button asks for, unless exactly this press of it was acted on before.

    So a browser that sends it again by itself, since the answer was lost, leads its person
    to the page of the first, and not to a refusal of what he or she has just done.

    Args:
        act: does it.
        stands: whether things are still as the button wanted them. Otherwise it is acted on
            again.
    """

    def done() -> int:
        act()
        return PRESSED

    _once(done, lambda _pressed: bool(stands()))


def _once(make: Callable[[], int], stands: Callable[[int], bool]) -> int:
    fields = request.form.items(multi=True)
    return services.once(current_user.id, request.path, fields, make, stands)
