"""The tests' own guard: a request that wrote and did not commit fails its test."""

from contextlib import suppress

import pytest
from sqlalchemy import insert, update

from workgroup import web
from workgroup.accounts.models import User
from workgroup.bus import Revision
from workgroup.database import db, writing


def add_row():
    db.session.add(Revision(topic="stream:9", revision=1))


def send_statement():
    db.session.execute(update(User).values(time_zone="UTC"))


def release_a_savepoint():
    with db.session.begin_nested():
        add_row()


def undo_a_later_savepoint():
    add_row()
    with suppress(ZeroDivisionError), db.session.begin_nested():
        db.session.execute(insert(Revision).values(topic="stream:8", revision=1))
        raise ZeroDivisionError


def undo_the_only_savepoint():
    with suppress(ZeroDivisionError), db.session.begin_nested():
        add_row()
        db.session.flush()
        raise ZeroDivisionError


def commit():
    release_a_savepoint()
    db.session.commit()


def ask(app, write):
    @app.post("/writing")
    @web.public
    def page():
        with writing():
            write()
            db.session.flush()
        return ""

    return app.test_client().post("/writing").status_code


@pytest.mark.parametrize(
    "write", [add_row, send_statement, release_a_savepoint, undo_a_later_savepoint]
)
def test_what_was_written_and_not_committed_fails(own_app, write):
    with pytest.raises(AssertionError, match="forgot to commit"):
        ask(own_app, write)


@pytest.mark.parametrize("write", [commit, undo_the_only_savepoint])
def test_what_was_committed_or_undone_is_no_failure(own_app, write):
    assert ask(own_app, write) == 200
