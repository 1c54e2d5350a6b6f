"""Typing in another section while something slow goes on, which must not hold a lock."""

import threading
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from tests.deciding.building import a_section
from workgroup.database import db
from workgroup.textlog import services as textlog
from workgroup.textlog.services import Batch, Entry

WAIT = 20  # seconds, far longer than a lock may be waited for
CLIENT = 77


@pytest.fixture
def typing(app):
    """Another section, in which somebody types; what is typed is stored or fails soon."""
    with app.app_context():
        section = a_section("Another section")
        db.session.commit()
        stream_id, epoch = section.stream_id, section.stream.epoch
    count = iter(range(1, 100))

    def type_once():
        with app.app_context():
            if db.engine.dialect.name == "sqlite":
                db.session.execute(text("PRAGMA busy_timeout=300"))
                db.session.rollback()
            else:
                db.session.execute(text("SET lock_timeout = '300ms'"))
                db.session.commit()
            n = next(count)
            writers = {CLIENT: 2} if n == 1 else {}
            stored = textlog.append(
                [Batch(stream_id, epoch, [Entry(CLIENT, n, b"x")], writers)]
            )
            db.session.commit()
            assert stream_id in stored

    return type_once


@pytest.fixture
def meanwhile(typing, monkeypatch):
    """Type in another section each time that a function is called; count the calls."""

    @contextmanager
    def make(owner, name):
        real, typed = getattr(owner, name), []

        def slow(*arguments, **options):
            failed = []

            def work():
                try:
                    typing()
                except Exception as error:  # noqa: BLE001 - raised again below
                    failed.append(error)

            thread = threading.Thread(target=work)
            thread.start()
            thread.join(WAIT)
            typed.append(not thread.is_alive() and not failed)
            if failed:
                raise failed[0]
            return real(*arguments, **options)

        with monkeypatch.context() as patch:
            patch.setattr(owner, name, slow)
            yield typed

    return make
