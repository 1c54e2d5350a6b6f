"""Who is signed in: the cookie names a row in the table of sign-ins, and nothing else counts.

Flask-Login stores in the cookie what a person's ``get_id`` returns. Here that is the key of
a sign-in, so that pages and sockets ask the same table.
"""

from typing import cast

from flask import Flask, abort, flash, g, redirect, request, session, url_for
from flask.typing import ResponseValue
from flask_login import (
    AnonymousUserMixin,
    current_user,
    user_logged_in,
    user_logged_out,
)
from flask_security import LoginForm
from werkzeug.datastructures import ImmutableMultiDict

from workgroup.accounts import labels, queries, services
from workgroup.accounts.browsers import browser_name
from workgroup.accounts.models import User
from workgroup.addresses import is_path
from workgroup.extensions import security

IN_COOKIE = "_user_id"  # Flask-Login's name
FORM_KEY = "csrf_token"  # Flask-WTF's name
FORMS_OF = "forms_of"  # in the session: whom its forms are for
NEXT = "next"  # Flask-Security's name
PAGE_OF = (
    "X-Person"  # the header in which a page's script says for whom the page was made
)


class SignInForm(LoginForm):
    """Address and password, without "remember me": a sign-in ends after twelve hours anyway."""

    remember = None


def init_app(app: Flask) -> None:
    """Replace Flask-Security's own loaders; call after it is initialized."""
    manager = security.login_manager
    manager.user_loader(load_person)
    manager.request_loader(lambda _request: None)  # no tokens
    security.want_json(lambda _request: False)
    security.unauthn_handler(lead_to_sign_in)  # its own pages ask it,
    manager.unauthorized_handler(lead_to_sign_in)  # and ours ask Flask-Login
    user_logged_in.connect(begin, app)
    user_logged_out.connect(end, app)
    app.before_request(answer_no_page_of_another)
    app.before_request(refuse_json)
    app.before_request(forget_other_sites)


def lead_to_sign_in(*_mechanisms: object, **_headers: object) -> ResponseValue:
    """Send a person who is not signed in to the sign-in page, which leads back by path alone.

    Flask-Security would lead back to the address in the request's Host header: where a proxy
    leaves the port out of Host, somebody who signs in would arrive at another port.
    """
    flash(labels.MESSAGES["UNAUTHENTICATED"], "info")
    onwards = request.full_path.removesuffix("?")
    return redirect(url_for("security.login", next=onwards))


def load_person(key: str) -> User | None:
    """Return whose sign-in the cookie names (one query)."""
    found = queries.find_signed_in(key)
    if found is None:
        return None
    g.sign_in_key = key
    g.fs_authn_via, g.fs_paa = "session", session.get("fs_paa", 0)
    return found[0]


def begin(_app: Flask, user: User, **_more: object) -> None:
    """Begin a sign-in; an earlier one of the same browser ends, with the forms of another person."""
    end(_app)
    if session.get(FORMS_OF) != user.id:
        # The cookie may outlive a sign-in. Pages that somebody else at this browser left open
        # would act for the next person who signs in, if their token went on to count.
        session.pop(FORM_KEY, None)
        g.pop(FORM_KEY, None)
    session[FORMS_OF] = user.id
    session[IN_COOKIE] = services.begin_sign_in(
        user, browser_name(request.user_agent.string)
    )
    session.pop("_remember", None)  # a change of password asks for it if a cookie does
    g.sign_in_key = session[IN_COOKIE]


def end(_app: Flask, **_more: object) -> None:
    """End the sign-in of this browser, also for anyone who has a copy of its cookie."""
    key = cast("str | None", g.pop("sign_in_key", None))
    if key is not None:
        services.end_sign_in(key)


def answer_no_page_of_another() -> None:
    """Answer a page that was made for another person as if nobody were signed in.

    It stays open in its tab while somebody else signs in at the same browser. A part made for
    that person would bring a token with which the words of the first are sent under that name.
    """
    person = request.headers.get(PAGE_OF)
    if person and current_user.is_authenticated and person != str(current_user.id):
        g._login_user = AnonymousUserMixin()  # noqa: SLF001 - where Flask-Login keeps the person


def refuse_json() -> None:
    """Refuse JSON on the sign-in pages: people sign in here, with a form, and programs do not."""
    if request.blueprint != "security" or request.endpoint == "security.static":
        return
    if request.is_json:
        abort(415)
    if request.accept_mimetypes and not request.accept_mimetypes.accept_html:
        abort(406)


def forget_other_sites() -> None:
    """Forget where a person wants to be after signing in, unless it is a path of this site.

    Flask-Security takes any address apart before it refuses one, and fails at half a bracket.
    """
    if request.blueprint != "security":
        return
    for part in ("args", "form"):
        sent = getattr(request, part)
        if not all(map(is_path, sent.getlist(NEXT))):
            kept = [item for item in sent.items(multi=True) if item[0] != NEXT]
            setattr(request, part, ImmutableMultiDict(kept))
