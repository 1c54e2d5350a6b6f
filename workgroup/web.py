"""What every page shares: who may open it, refusals, headers and error pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from sqlalchemy.exc import DBAPIError
from werkzeug.http import parse_date
from werkzeug.wrappers import Response

from workgroup import clock, error_pages
from workgroup.database import db, set_reading, writing
from workgroup.errors import DomainError
from workgroup.extensions import security

Found = TypeVar("Found")
View = Callable[..., Any]  # any type that Flask accepts from a view

KEPT_FOR_GOOD = (
    "public, max-age=31536000, immutable"  # its address has a hash: see assets
)
CACHING = "own_caching"  # the attribute of a response that is not one of our pages
POLICY = "declared_policy"  # the attribute of a view that says who may open it
REFUSED = "workgroup.refused"  # in the scope: the status a body was refused with
BY_ITSELF = "X-By-Itself"  # the header of a request that no click has caused
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# The headers that can hold a date, as WSGI names them.
DATED = (
    "HTTP_DATE",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_RANGE",
    "HTTP_IF_UNMODIFIED_SINCE",
)

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)


def declare(view: View, policy: str) -> View:
    """Record on a view who may open it; the application does not start with an undeclared one."""
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
    """Send people who are not signed in to the sign-in page, and back here afterward.

    A form that arrives after the session has ended is carried along and comes back filled.
    A script that asks for a part of a page gets nothing to insert; if no click caused the
    request, not even an error: a page left open overnight would cause hundreds of them.
    """
    if request.method not in SAFE_METHODS:
        answer: Callable[[], ResponseReturnValue]
        answer = current_app.extensions["session_ended"]
        return answer()
    if wants_part():
        return "", 204 if BY_ITSELF in request.headers else 401
    return cast("ResponseReturnValue", security.login_manager.unauthorized())


def policy_of(endpoint: str | None) -> str | None:
    """Return who may open a page, as declared; none if there is no such page."""
    policies: dict[str, str] = current_app.extensions["policies"]
    return policies.get(endpoint or "")


def wants_part() -> bool:
    """Return whether a script asks for a part of a page that is open."""
    return request.headers.get("HX-Request") == "true"


def wants_data() -> bool:
    """Return whether a script asks for data rather than a page."""
    return request.headers.get("X-Requested-With") == "fetch"


def check_declared(app: Flask, foreign: dict[str, str]) -> None:
    """Refuse to start with a page that does not declare who may open it.

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
    """Return what was found, else answer 404; what belongs to another cohort looks the same as nothing."""
    if found is None:
        abort(404)
    return found


def require(allowed: bool) -> None:  # noqa: FBT001 - reads as a sentence: require(can_vote(...))
    """Answer 403 unless the policy allows it."""
    if not allowed:
        abort(403)


@contextmanager
def refusals_shown_in(form: FlaskForm) -> Iterator[list[DomainError]]:
    """Let the block write; if a rule refuses, undo the block and put the sentence into the form.

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
    # Flask's two steps of a request are replaced rather than wrapped from outside, where the
    # error handlers would have turned a failure into a response already.
    app.preprocess_request = _reading_twice(app.preprocess_request)  # type: ignore[method-assign]
    app.dispatch_request = _reading_twice(app.dispatch_request)  # type: ignore[method-assign]
    app.session_interface = Sessions()
    app.before_request(_forget_impossible_dates)
    app.before_request(_refuse_what_did_not_arrive)
    app.before_request(_begin_as_the_page_means)
    app.teardown_request(_let_the_thread_write_again)
    app.after_request(_add_headers)
    error_pages.init_app(app)


def _reading_twice(
    part: Callable[[], Found],
) -> Callable[[], Found]:
    """Run a page that only reads a second time if the database was locked or gone.

    Flask handles a request in two steps: what comes before the view (who is it?), and the view.
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


def _forget_impossible_dates() -> None:
    """Answer as if a header with a date that no calendar has were not there.

    Werkzeug ignores most of them, but fails at numbers that are too large for a date.
    """
    for name in DATED:
        try:
            parse_date(request.environ.get(name))
        except OverflowError:
            del request.environ[name]


def _refuse_what_did_not_arrive() -> None:
    """Answer a body that is too large or too slow, which the server did not read, with a page."""
    if code := request.environ.get("asgi.scope", {}).get(REFUSED):
        abort(code)


def _begin_as_the_page_means() -> None:
    """Begin as read-only; our own views mark where they write, others write if their method may."""
    view = current_app.view_functions.get(request.endpoint or "")
    set_reading(on=hasattr(view, POLICY) or request.method in SAFE_METHODS)


def _let_the_thread_write_again(_error: BaseException | None) -> None:
    # Threads are reused, and keep their context variables.
    set_reading(on=False)


class Signer(TimestampSigner):
    """Takes a cookie that was signed later than now for a new one.

    The machine's clock was set back since. Else everybody would be signed out until it has caught
    up. How long a sign-in counts is decided by its row.
    """

    def unsign(
        self,
        signed_value: str | bytes,
        max_age: int | None = None,
        return_timestamp: bool = False,  # noqa: FBT001, FBT002 - as it is called
    ) -> Any:  # noqa: ANN401 - as it is declared
        """Check the signature, and the age of what is not of the future."""
        value, signed_at = super().unsign(signed_value, return_timestamp=True)
        if signed_at <= clock.now():
            super().unsign(signed_value, max_age)
        return (value, signed_at) if return_timestamp else value


class Sessions(SecureCookieSessionInterface):
    """Sessions in signed cookies, which an answer that caches keep for everybody never carries."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs and reads cookies, whatever the machine's clock says."""
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = Signer
        return serializer

    def save_session(
        self, app: Flask, session: SessionMixin, response: Response
    ) -> None:
        """Add the cookie, and that the answer varies by it; neither to a file kept for good."""
        if response.headers.get("Cache-Control") != KEPT_FOR_GOOD:
            super().save_session(app, session, response)  # type: ignore[arg-type]  # any response


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
        # Pages contain confidential text: no cache keeps them, and Back loads them again.
        headers["Cache-Control"] = getattr(response, CACHING, "no-store")
    return response
