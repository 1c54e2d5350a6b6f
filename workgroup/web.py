"""What every page shares: who may open it, refusals, headers and error pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

from workgroup import error_pages
from workgroup.database import db, set_reading, writing
from workgroup.errors import DomainError
from workgroup.extensions import security

Found = TypeVar("Found")
View = Callable[..., Any]  # what a view returns, Flask decides

KEPT_FOR_GOOD = (
    "public, max-age=31536000, immutable"  # its address has a hash: see assets
)
CACHING = "own_caching"  # the attribute of an answer that is no page of ours
POLICY = "declared_policy"  # the attribute of a view that says who may open it
REFUSED = "workgroup.refused"  # in the scope: the status a body was refused with
BY_ITSELF = "X-By-Itself"  # the header of a request that nobody's click has caused
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)


def declare(view: View, policy: str) -> View:
    """Write on a view who may open it; an undeclared one stops the start."""
    setattr(view, POLICY, policy)
    return view


def public(view: View) -> View:
    """Declare that anybody may open this page."""
    return declare(view, "public")


def signed_in(view: View) -> View:
    """Declare that anyone signed in may open this page."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any view's
        if not current_user.is_authenticated:
            return ask_to_sign_in()
        return view(*args, **kwargs)

    return declare(guarded, "signed in")


def ask_to_sign_in() -> ResponseReturnValue:
    """Send anyone who is not signed in to the page for it, and back here afterwards.

    A form that arrives after the session's end is carried along and comes back filled.
    A script that asks for a part of a page gets nothing to put there; where it asked by
    itself, not even an error: on a page left open over night those would be hundreds.
    """
    if request.method not in SAFE_METHODS:
        answer: Callable[[], ResponseReturnValue]
        answer = current_app.extensions["session_ended"]
        return answer()
    if wants_part():
        return "", 204 if BY_ITSELF in request.headers else 401
    return cast("ResponseReturnValue", security.login_manager.unauthorized())


def policy_of(endpoint: str | None) -> str | None:
    """Return who may open a page, as it was declared; none where there is no such page."""
    policies: dict[str, str] = current_app.extensions["policies"]
    return policies.get(endpoint or "")


def wants_part() -> bool:
    """Return whether a script asks for a part of a page that is open."""
    return request.headers.get("HX-Request") == "true"


def wants_data() -> bool:
    """Return whether a script asks that reads data and no page."""
    return request.headers.get("X-Requested-With") == "fetch"


def check_declared(app: Flask, foreign: dict[str, str]) -> None:
    """Refuse to start with a page whose policy nobody declared.

    Args:
        app: the application, all its routes registered.
        foreign: endpoint → policy of the pages that are not our own code.

    Raises:
        RuntimeError: an endpoint has no declaration.
    """
    policies = app.extensions["policies"] = dict(foreign)
    for endpoint, view in app.view_functions.items():
        policy = getattr(view, POLICY, None)
        if policy is not None:
            policies[endpoint] = policy
        if endpoint not in policies:
            raise RuntimeError(f"nobody declared who may open {endpoint}")


def or_404(found: Found | None) -> Found:
    """Return what was found; what is not there and what is foreign look the same."""
    if found is None:
        abort(404)
    return found


def require(allowed: bool) -> None:  # noqa: FBT001 - reads as a sentence: require(can_vote(...))
    """Refuse with 403 what a policy does not allow."""
    if not allowed:
        abort(403)


@contextmanager
def refusals_shown_in(form: FlaskForm) -> Iterator[list[DomainError]]:
    """Let the block write; put a refusal's sentence into the form and undo what was half done.

    What was typed stays in the form. After a refusal the page is rendered without a lock.
    """
    refused: list[DomainError] = []
    with writing():
        try:
            with db.session.begin_nested():
                yield refused
        except DomainError as error:
            form.form_errors.append(str(error))
            refused.append(error)


def init_app(app: Flask) -> None:
    """Install headers, transactions by method and error pages."""
    # The two parts of a request are replaced, not wrapped from outside: there the error
    # handlers have turned the failure into an answer already.
    app.preprocess_request = _reading_twice(app.preprocess_request)  # type: ignore[method-assign]
    app.dispatch_request = _reading_twice(app.dispatch_request)  # type: ignore[method-assign]
    app.before_request(_refuse_what_did_not_arrive)
    app.before_request(_begin_as_the_page_means)
    app.teardown_request(_let_the_thread_write_again)
    app.after_request(_add_headers)
    error_pages.init_app(app)


def _reading_twice(
    part: Callable[[], Found],
) -> Callable[[], Found]:
    """Make a page that only reads once more when the database was locked or gone.

    Flask makes a page in two parts: what comes before (who is it?), and the view.
    """

    def again() -> Found:
        try:
            return part()
        except DBAPIError as error:
            if request.method not in SAFE_METHODS or not error_pages.is_passing(error):
                raise
        db.session.rollback()
        return part()

    return again


def _refuse_what_did_not_arrive() -> None:
    """Answer a body that is too large or too slow with a page; the server did not read it."""
    if code := request.environ.get("asgi.scope", {}).get(REFUSED):
        abort(code)


def _begin_as_the_page_means() -> None:
    """Begin by reading; our pages say where they write, others do when their method may."""
    view = current_app.view_functions.get(request.endpoint or "")
    set_reading(on=hasattr(view, POLICY) or request.method in SAFE_METHODS)


def _let_the_thread_write_again(_error: BaseException | None) -> None:
    # Threads are used again, and a context variable of one stays with it.
    set_reading(on=False)


def set_caching(response: Response, rule: str) -> None:
    """Set the Cache-Control of an answer that is not a page."""
    setattr(response, CACHING, rule)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    # Not `no-referrer`: with it browsers send `Origin: null` with every form.
    headers["Referrer-Policy"] = "same-origin"
    headers["Permissions-Policy"] = (
        "camera=(), geolocation=(), microphone=(), payment=()"
    )
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint == "static" and response.status_code < HTTPStatus.BAD_REQUEST:
        headers["Cache-Control"] = KEPT_FOR_GOOD
    else:
        # Pages hold confidential text: no cache keeps them, and Back asks again.
        headers["Cache-Control"] = getattr(response, CACHING, "no-store")
    return response
