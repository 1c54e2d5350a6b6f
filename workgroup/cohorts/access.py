"""The only way into a cohort's pages: a slug and a person give a membership, or a 404."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import abort, g, request
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from workgroup.cohorts import attribution, queries
from workgroup.cohorts.models import Membership
from workgroup.cohorts.naming import Naming
from workgroup.cohorts.roles import Permission, permissions
from workgroup.web import View, ask_to_sign_in, declare


@dataclass(frozen=True)
class Frame:
    """What surrounds every page of a cohort.

    Plain values, which survive a rollback: the page of a refusal needs them too.
    """

    slug: str
    notice: str
    permissions: frozenset[Permission]
    naming: Naming


def allow(permission: Permission) -> Callable[[View], View]:
    """Declare the permission that a page of a cohort requires; the view gets the membership first.

    Anyone who is not signed in goes to the sign-in page. A person outside the cohort gets the
    same 404 as for a page that does not exist, so that nobody can find out which cohorts there
    are; a member without the permission gets 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(slug: str, **kwargs: Any) -> Any:  # noqa: ANN401 - any view's
            if not current_user.is_authenticated:
                return ask_to_sign_in()
            member = find_member(slug)
            if not member.may(permission):
                abort(403)
            return view(member, **kwargs)

        return declare(guarded, permission.value)

    return decorate


def find_member(slug: str) -> Membership:
    """Return the signed-in person's current membership, or answer 404."""
    member = queries.find_membership(slug, current_user.id)
    if member is None:
        abort(404)
    queries.remember_seen(attribution.read(_names_field()))
    cohort = member.cohort
    naming = Naming.of(cohort, member.user_id)
    g.frame = Frame(slug, cohort.notice, permissions(member.roles), naming)
    return member


def _names_field() -> str:
    """Return the form's field that records how names showed on its page."""
    try:
        return request.form.get("names", "")
    except HTTPException:  # the request's body is refused anyway
        return ""
