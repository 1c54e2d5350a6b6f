"""Bringing a form back to its page if the session ended before it was sent.

What was typed travels in the pages themselves, never in the session or the database: to the
sign-in page, from there to a page with one button, and from that to the form's own page,
which shows it filled. Nothing is acted on until the person sends it again.

A page for everybody, such as signing in, that was open for longer than a session lasts is
shown once more by what its feature names for that, which never acts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    has_request_context,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from workgroup import error_pages, web
from workgroup.addresses import is_path
from workgroup.extensions import security
from workgroup.sending.forms import new_key, reader

LEFT_BEHIND = ("csrf_token", "only_show")
SIGN_IN = "security.login"
Show = Callable[..., ResponseReturnValue]


@dataclass(frozen=True)
class Returning:
    """A form on its way back: the path of its page, and what was typed."""

    address: str
    fields: list[tuple[str, str]]

    @property
    def is_of_someone_else(self) -> bool:
        """Whether another person than the one who is signed in now filled it in."""
        return dict(self.fields).get("filled_by") not in ("", None, reader())


def init_app(app: Flask, shown_again: Mapping[str, Show]) -> None:
    """Catch forms whose session or token has ended, and bring them back after sign-in.

    Args:
        app: the application.
        shown_again: the endpoint of a public form → what shows its page again, with what was
            typed, and does nothing else.
    """
    app.extensions["shown_again"] = shown_again
    app.before_request(_show_only)
    app.register_error_handler(CSRFError, _token_has_ended)
    app.after_request(_bring_back)
    app.context_processor(lambda: {"returning": _carried()})
    app.jinja_env.globals["new_key"] = new_key  # macros see no context
    app.extensions["session_ended"] = ask_to_sign_in_again


def ask_to_sign_in_again() -> ResponseReturnValue:
    """Show the sign-in page, which carries the current form.

    A button without a form to show again, such as Freeze, is not carried: signing in leads to
    the page with the button, and the person presses it again.
    """
    carried = Returning(_here(), _typed()) if _can_be_shown() else None
    form = _form("login_form", formdata=None)
    typed = error_pages.typed_words()
    return _session_ended(form, carried, _page_before(), typed), 401


def show_sign_in() -> ResponseReturnValue:
    """Show a sign-in page again, with the address and the form that it carries."""
    form, carried = _form("login_form"), _carried()
    onwards = request.form.get("next") or request.args.get("next", "")
    if current_user.is_authenticated:  # in another tab
        if carried:
            return render_template("return.html", returning=carried), 400
        return redirect(onwards if is_path(onwards) else "/", 303)
    flash_too_old()
    if carried:
        typed = error_pages.longer_words(carried.fields)
        return _session_ended(form, carried, onwards, typed), 400
    return render_template("security/login_user.html", login_user_form=form), 400


def show_after_sign_out() -> ResponseReturnValue:
    """Go to the sign-in page if the session has ended anyway; else back, to sign out there."""
    if current_user.is_authenticated:
        return _lead_back()
    return redirect(url_for(SIGN_IN), 303)


def show_forgotten_password() -> ResponseReturnValue:
    """Show the page for a forgotten password again, with the address."""
    flash_too_old()
    form = _form("forgot_password_form")
    page = render_template("security/forgot_password.html", forgot_password_form=form)
    return page, 400


def show_new_password(token: str) -> ResponseReturnValue:
    """Open the page for a new password again; nothing was typed there that a page may hold."""
    flash_too_old()
    return redirect(url_for("security.reset_password", token=token), 303)


# The pages of Flask-Security; other features show their own.
SHOWN_AGAIN: Mapping[str, Show] = {
    SIGN_IN: show_sign_in,
    "security.logout": show_after_sign_out,
    "security.forgot_password": show_forgotten_password,
    "security.reset_password": show_new_password,
}


def flash_too_old() -> None:
    """Say on the page that is shown again why it is there."""
    flash(_("This page was open for a long time. Please send it again."), "warning")


def _form(name: str, **options: Any) -> Any:  # noqa: ANN401 - Flask-Security's forms
    """Return one of Flask-Security's forms, with what was typed but for passwords."""
    return cast("Any", security.forms[name].cls)(**options)


def _session_ended(
    form: Any,  # noqa: ANN401 - Flask-Security's
    carried: Returning | None,
    onwards: str,
    typed: list[str],
) -> str:
    return render_template(
        "session_ended.html",
        form=form,
        returning=carried,
        onwards=onwards,
        typed=typed,
    )


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
    if web.policy_of(request.endpoint) is None or web.wants_data():
        return error_pages.failed(error)
    shown_again: Mapping[str, Show] = current_app.extensions["shown_again"]
    if show := shown_again.get(request.endpoint or ""):
        return show(**request.view_args or {})
    if not current_user.is_authenticated:
        return ask_to_sign_in_again()
    if not _can_be_shown():
        return _lead_back()
    carried = Returning(_here(), _typed())
    return render_template("return.html", returning=carried), 400


def _lead_back() -> ResponseReturnValue:
    """Go back to the page where a button was pressed, to press it again."""
    flash(
        _("Nothing was changed, because this page was out of date. Please try again.")
    )
    return redirect(_page_before(), 303)


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
    fields = error_pages.carried_fields()
    if fields is None:
        return None
    address = request.form.get("returning_to", "")
    return Returning(address, fields) if is_path(address) else None


def _here() -> str:
    """Return the current page's address with its query, which names where to go afterward."""
    return request.full_path.rstrip("?")


def _typed() -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in LEFT_BEHIND and "password" not in name
    ]
