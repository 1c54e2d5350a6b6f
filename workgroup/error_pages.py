"""Error pages: what happened, what to do now, and what was typed; they work without the database."""

import json
import logging
import secrets
import sqlite3
from collections.abc import Iterable
from contextlib import suppress

from flask import Flask, current_app, g, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin, current_user
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import (
    TimeoutError as PoolTimeoutError,
)
from werkzeug.exceptions import HTTPException, SecurityError

from workgroup.database import WROTE, db, is_refused_write
from workgroup.error_words import (
    error_words,
    words_of_a_full_disk,
    words_of_a_lost_commit,
)
from workgroup.errors import DomainError, GoneError

WORTH_KEEPING = 12  # characters of a form's field that an error page gives back
# Fields that forms carry for themselves, which nobody has typed.
NOT_TYPED = frozenset(
    {
        "csrf_token",
        "form_key",
        "press_key",
        "names",
        "filled_by",
        "filled_from",
        "only_show",
        "returning_to",
        "returning_fields",
    }
)
DISK_FULL = "53100"  # as PostgreSQL calls it
PAUSE = "5"  # seconds, as the Retry-After header writes it


def init_app(app: Flask) -> None:
    """Answer every failure with a page."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(GoneError, _gone)
    app.register_error_handler(IntegrityError, _crossed)
    app.register_error_handler(DBAPIError, _busy)
    app.register_error_handler(PoolTimeoutError, _busy)
    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(Exception, _broken)
    app.jinja_env.globals["page_above"] = page_above


def is_passing(error: Exception) -> bool:
    """Return whether the failure may pass by itself: the database is locked, full or restarting.

    SQLite reports a missing table as an operational error too, but that is a bug of ours.
    """
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    ours = isinstance(error.orig, sqlite3.Error) and "no such" in str(error.orig)
    return takes_nothing(error) or (isinstance(error, OperationalError) and not ours)


def takes_nothing(error: Exception) -> bool:
    """Return whether the disk is full or cannot be written to, which waiting does not change."""
    if not isinstance(error, DBAPIError):
        return False
    message = str(error.orig) if isinstance(error.orig, sqlite3.Error) else ""
    full = getattr(error.orig, "sqlstate", "") == DISK_FULL or "is full" in message
    return full or "disk I/O error" in message or is_refused_write(error.orig)


def is_lost_commit(error: Exception) -> bool:
    """Return whether the connection broke while something was committed: it may be stored or not."""
    if not isinstance(error, DBAPIError) or not error.connection_invalidated:
        return False
    # Only a commit and a rollback have no statement.
    return error.statement is None and bool(db.session().info.get(WROTE))


def _busy(error: Exception) -> ResponseReturnValue:
    """Answer 503 with what was typed; sending again is safe, whether or not it was saved."""
    if not is_passing(error):
        return _broken(error)
    lost = is_lost_commit(error)
    _go_on_without_database()
    original = getattr(error, "orig", error)
    stuck = takes_nothing(error)
    current_app.logger.log(
        logging.ERROR if stuck else logging.WARNING,
        "database: %s %s",
        type(original).__name__,
        original,
    )
    title, sentence = words_of_a_full_disk() if stuck else error_words(503)
    if lost:
        title, sentence = words_of_a_lost_commit()
    page, code = error_page(503, title, sentence)
    return page, code, {"Retry-After": PAUSE}


def _go_on_without_database() -> None:
    """Show the page as if nobody were signed in: to look that up would wait for the database again."""
    _undo()
    g._login_user = AnonymousUserMixin()  # noqa: SLF001 - where Flask-Login keeps the person
    g.without_person = True


def _undo() -> None:
    """Undo what the request has changed, in its session too: else a cookie named a sign-in that is none."""
    try:
        db.session.rollback()
    except SQLAlchemyError:  # the connection has gone, and the transaction with it
        db.session.close()
    sent = current_app.session_interface.open_session(current_app, request)
    session.clear()
    session.update(sent or {})


def _refused(error: DomainError) -> ResponseReturnValue:
    _undo()
    title = _("That isn’t possible right now")
    return error_page(
        error.status, title, str(error), back=page_above() or _page_of_a_link()
    )


def _gone(error: GoneError) -> ResponseReturnValue:
    _undo()
    title, sentence = error_words(410)
    return error_page(410, title, str(error) or sentence)


def _crossed(error: IntegrityError) -> ResponseReturnValue:
    _undo()
    current_app.logger.warning("conflict: %s", type(error.orig).__name__)
    return error_page(
        409,
        _("Someone else changed this first"),
        _(
            "Someone else saved a change at the same time. Go back, reload the page and try again."
        ),
        back=page_above(),
    )


def failed(error: HTTPException) -> ResponseReturnValue:
    """Answer with the page of an HTTP error."""
    if error.response is not None:
        return error.response
    # A foreign host name, for which no address can be built.
    if isinstance(error, SecurityError):
        return _(
            "This server is not responsible for that address. Check the address you entered."
        ), 400
    title, sentence = error_words(error.code or 500)
    return error_page(error.code or 500, title, sentence)


def _broken(error: Exception) -> ResponseReturnValue:
    _go_on_without_database()
    reference = secrets.token_hex(4)
    current_app.logger.error("reference %s", reference, exc_info=error)
    if current_app.testing:
        raise error
    title, sentence = error_words(500)
    return error_page(500, title, sentence, reference)


def page_above() -> str:
    """Return the address of the page that a refused form belongs to; '' where nothing was sent.

    A button of a section sends to the section's address and a verb, so it is the nearest
    address above that can be opened. Whether this person may still open it is for that page.
    """
    return _nearest_page(request.path) if request.method == "POST" else ""


def _page_of_a_link() -> str:
    """Return the address of the page above one that was asked for and refused, such as a form."""
    return _nearest_page(request.path.rstrip("/").rpartition("/")[0])


def _nearest_page(path: str) -> str:
    addresses = current_app.create_url_adapter(request)
    while addresses and path.strip("/"):
        for address in (path, f"{path}/"):
            with suppress(HTTPException):
                addresses.match(address, method="GET")
                return address
        path = path.rstrip("/").rpartition("/")[0]
    return ""


def error_page(
    code: int, title: str, sentence: str, reference: str = "", back: str = ""
) -> tuple[str, int]:
    """Render a refusal or a failure as one calm card, with what was typed, to copy."""
    try:
        bool(current_user.is_authenticated)  # the first time this queries the database
    except SQLAlchemyError:
        _go_on_without_database()
    page = render_template(
        "error.html",
        code=code,
        title=title,
        sentence=sentence,
        reference=reference,
        back=back,
        typed=typed_words(),
    )
    return page, code


def typed_words() -> list[str]:
    """Return the longer texts of the submitted form, so that no refusal loses them."""
    try:
        fields = list(request.form.items(multi=True))
    except HTTPException:  # the body itself was refused
        return []
    return longer_words([*fields, *(carried_fields() or [])])


def longer_words(fields: Iterable[tuple[str, str]]) -> list[str]:
    """Return the longer texts among these fields; never a password."""
    return [
        value
        for name, value in fields
        if len(value) >= WORTH_KEEPING
        and name not in NOT_TYPED
        and "password" not in name
    ]


def carried_fields() -> list[tuple[str, str]] | None:
    """Return what was typed into a form that this request carries along; none if that is broken."""
    try:
        fields = json.loads(request.form.get("returning_fields", "[]"))
        pairs = [(str(name), str(value)) for name, value in fields]
        # JSON can hold half a character, a page cannot.
        "".join(map("".join, pairs)).encode()
    except (HTTPException, ValueError, TypeError, RecursionError):
        return None
    return pairs
