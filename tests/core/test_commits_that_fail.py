"""A commit that fails on a page of accounts gives a page that says so, and nobody's sign-in changes."""

import sqlite3
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tests import cast
from tests.accounts.test_passwords import ask_for_link, link_in, mails
from tests.core.test_values_in_every_field import OF_ACCOUNTS
from workgroup.database import db
from workgroup.database_files import FilesReplacedError
from workgroup.web import CONTENT_SECURITY_POLICY

pytestmark = pytest.mark.both_databases

NEW = "a brand new sentence"
TROUBLES = [
    (
        OperationalError("COMMIT", None, psycopg.OperationalError("terminated")),
        "Workgroup is very busy right now",
    ),
    (
        OperationalError("COMMIT", None, sqlite3.OperationalError("disk I/O error")),
        "Nothing can be saved right now",
    ),
    (
        OperationalError(
            None,  # a commit has no statement
            None,
            psycopg.OperationalError("server closed the connection unexpectedly"),
            connection_invalidated=True,
        ),
        "It is not certain whether this was saved",
    ),
    (FilesReplacedError("The log was deleted."), "The log was deleted."),
]


@contextmanager
def no_commits(app, trouble):
    """Have each commit of something that was written fail."""
    with app.app_context():
        engine = db.engine

    def fail(connection):
        if db.session().info.get("wrote"):
            connection.connection.rollback()
            raise trouble

    event.listen(engine, "commit", fail)
    yield
    event.remove(engine, "commit", fail)


def asked(app, as_, endpoint):
    """Return who sends what where, for a page of accounts that writes."""
    person = {"email": cast.address("hana"), "password": cast.PASSWORD}
    new = {"new_password": NEW, "new_password_confirm": NEW}
    if endpoint == "security.reset_password":
        ask_for_link(app, cast.address("hana"))
        form = {"password": NEW, "password_confirm": NEW}
        return app.test_client(), link_in(mails(app)[0]), form
    return {
        "security.login": (app.test_client(), "/account/sign-in", person),
        "security.logout": (as_("hana"), "/account/sign-out", {}),
        "security.forgot_password": (app.test_client(), "/account/reset", {"email": person["email"]}),
        "security.change_password": (as_("hana"), "/account/change", {**person, **new}),
    }[endpoint]  # fmt: skip


WRITING = sorted({*OF_ACCOUNTS, "security.logout"} - {"security.verify"})


@pytest.mark.parametrize(("trouble", "sentence"), TROUBLES)
@pytest.mark.parametrize("endpoint", WRITING)
def test_a_commit_that_fails_is_answered_with_a_page(
    app, as_, endpoint, trouble, sentence
):
    app.testing = False
    visitor, address, form = asked(app, as_, endpoint)
    before = visitor.get("/account/who").status_code

    with no_commits(app, trouble):
        answer = visitor.post(address, data=form)

    assert answer.status_code == 503
    assert sentence in answer.text
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert form.get("email", "") in answer.text
    assert NEW not in answer.text
    assert cast.PASSWORD not in answer.text
    assert visitor.get("/account/who").status_code == before
    assert visitor.post(address, data=form).status_code in {200, 302}
    app.testing = True
