"""Bringing a form back to its page if the session ended before it was sent.

What was typed travels in the pages themselves, never in the session or the database: to the
sign-in page, from there to a page with one button, and from that to the form's own page,
which shows it filled. Nothing is acted on until the person sends it again.
"""

import json
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    flash,
    g,
    has_request_context,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from workgroup import error_pages, web
from workgroup.addresses import is_path
from workgroup.extensions import security

LEFT_BEHIND = ("csrf_token", "only_show")
SIGN_IN = "security.login"


@dataclass(frozen=True)
class Returning:
    """A form on its way back: the path of its page, and what was typed."""

    address: str
    fields: list[tuple[str, str]]


def init_app(app: Flask) -> None:
    """Catch forms whose session or token has ended, and bring them back after sign-in."""
    app.before_request(_show_only)
    app.register_error_handler(CSRFError, _token_has_ended)
    app.after_request(_bring_back)
    app.context_processor(lambda: {"returning": _carried()})
    app.extensions["session_ended"] = ask_to_sign_in_again


def ask_to_sign_in_again() -> ResponseReturnValue:
    """Show the sign-in page, which carries the current form.

    A button without a form to show again, such as Freeze, is not carried: signing in leads to
    the page with the button, and the person presses it again.
    """
    carried = Returning(_here(), _typed()) if _can_be_shown() else None
    page = render_template(
        "session_ended.html",
        form=cast("Any", security.forms["login_form"].cls)(formdata=None),
        returning=carried,
        onwards=_page_before(),
        typed=error_pages.typed_words(),
    )
    return page, 401


def _can_be_shown() -> bool:
    """Return whether the request is a form of ours, whose page can show it filled."""
    return "form_key" in request.form


def _page_before() -> str:
    """Return the path of the page that the request came from; its origin is checked."""
    parts = urlsplit(request.headers.get("Referer", ""))
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return path if is_path(path) else "/"


def _show_only() -> ResponseReturnValue | None:
    """Show a form that comes back filled, without acting on it."""
    if request.method in web.SAFE_METHODS:
        return None
    try:
        g.only_show = "only_show" in request.form
        # Only forms are carried; anything else that claims to come back must not be acted on.
        return redirect("/", 303) if g.only_show and not _can_be_shown() else None
    except HTTPException:  # the body itself will be refused
        g.only_show = False
        return None


def _token_has_ended(error: CSRFError) -> ResponseReturnValue:
    """Offer the form again: its token belonged to a session that has ended.

    The request came from one of our own pages: its origin was checked before.
    """
    policy = web.policy_of(request.endpoint)
    if policy in {None, "public"} or web.wants_data():
        return error_pages.failed(error)
    if not current_user.is_authenticated:
        return ask_to_sign_in_again()
    if not _can_be_shown():
        flash(
            _(
                "Nothing was changed, because this page was out of date. Please try again."
            )
        )
        return redirect(_page_before(), 303)
    carried = Returning(_here(), _typed())
    return render_template("return.html", returning=carried), 400


def _bring_back(response: Response) -> Response:
    """Answer a sign-in that carries a form with the way back to it."""
    signed_in = request.endpoint == SIGN_IN and request.method == "POST"
    carried = _carried() if signed_in and response.status_code == 302 else None  # noqa: PLR2004 - a redirect: the sign-in succeeded
    if carried:
        page = render_template("return.html", returning=carried)
        response.status_code = 200
        response.headers.pop("Location")
        response.set_data(page)
        response.mimetype = "text/html"
    return response


def _carried() -> Returning | None:
    """Read the form that a sign-in page carries; none if it is not ours."""
    if not has_request_context():  # a mail, written by the worker
        return None
    try:
        address = request.form.get("returning_to", "")
        fields = json.loads(request.form.get("returning_fields", "[]"))
        pairs = [(str(name), str(value)) for name, value in fields]
    except (HTTPException, ValueError, TypeError):
        return None
    return Returning(address, pairs) if is_path(address) else None


def _here() -> str:
    """Return the current page's address with its query, which names where to go afterward."""
    return request.full_path.rstrip("?")


def _typed() -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in LEFT_BEHIND and "password" not in name
    ]
