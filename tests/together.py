"""Two acts at once: the second begins while the first holds its locks."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import text

from workgroup.database import db

LIMIT = 20  # seconds after which a test has failed

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@dataclass
class Together:
    """What two acts returned and raised, and whether the second had to wait."""

    app: Flask
    returned: dict[str, object] = field(default_factory=dict)
    raised: dict[str, type] = field(default_factory=dict)
    waited: bool = False
    begun: threading.Event = field(default_factory=threading.Event)
    following: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def run(
        self,
        first: Callable[[], object],
        second: Callable[[], object],
        then: Callable[[], object] = lambda: None,
    ) -> None:
        """Commit the first act when the second waits for it, or has ended without.

        Args:
            first: what begins.
            second: what comes in between.
            then: what the first still does before it commits.
        """

        def hold():
            self.returned["first"] = first()
            self.begun.set()
            assert self.following.wait(LIMIT)
            self._until_the_second_waits_or_ends()
            then()
            db.session.commit()

        def follow():
            assert self.begun.wait(LIMIT)
            self.following.set()
            self.returned["second"] = second()
            self.ended.set()
            db.session.commit()

        threads = [
            threading.Thread(target=self._in_context, args=(name, act))
            for name, act in (("first", hold), ("second", follow))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(LIMIT)
            assert not thread.is_alive()

    def _in_context(self, name, act):
        with self.app.app_context():
            try:
                act()
            except Exception as error:  # noqa: BLE001 - the test looks at it
                db.session.rollback()
                self.raised[name] = type(error)
            finally:
                self.begun.set()
                if name == "second":
                    self.ended.set()

    def _until_the_second_waits_or_ends(self):
        """On SQLite the second waits for the whole database from its first statement."""
        if db.engine.dialect.name == "sqlite":
            self.waited = True
            return
        deadline = time.monotonic() + LIMIT
        while not self.ended.is_set() and time.monotonic() < deadline:
            with db.engine.connect() as beside:
                if beside.scalar(WAITING):
                    self.waited = True
                    return
            time.sleep(0.02)
