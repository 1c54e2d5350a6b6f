"""The doctor names versions, votes and outcomes that are no longer what they were."""

import pytest
from sqlalchemy import text

from tests.core.test_doctor_and_damage import bad_ones
from tests.publishing.building import decided_report
from workgroup.notifications.models import LogCursor

VERSION = "Version 1 (of the table `versions`) is not the text that was frozen."
MISSING = "Ballot 1: a vote is missing, or the record that it was cast."
OUTCOME = "Ballot 1: its votes do not give its outcome."
ALTERED = [
    (
        "UPDATE versions SET canonical = replace(canonical, 'The words', 'No words')",
        {VERSION},
    ),
    ("UPDATE versions SET canonical = '{}'", {VERSION}),
    ("UPDATE versions SET canonical = 'no JSON at all'", {VERSION}),
    ("UPDATE versions SET title = 'Another'", {VERSION}),
    ("UPDATE versions SET text = 'Other words'", {VERSION}),
    ("UPDATE versions SET sha256 = substr(sha256, 2) || 'a'", {VERSION}),
    ("UPDATE votes SET position = 'block'", {OUTCOME}),
    ("UPDATE ballots SET outcome = 'rejected'", {OUTCOME}),
    ("DELETE FROM participations WHERE elector_id = 1", {MISSING}),
    ("DELETE FROM votes WHERE elector_id = 1", {MISSING, OUTCOME}),
]


@pytest.fixture
def decided(app, session):
    """One section that was adopted; the guards of its tables are gone, as for a tool."""
    decided_report()
    session.commit()
    for name in session.scalars(
        text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    ).all():
        session.execute(text(f"DROP TRIGGER {name}"))
    session.commit()
    session.expunge_all()


def altered_ones():
    """Return what is named of versions and ballots; texts are the claim of `tests/textlog`."""
    return {
        one.removesuffix(" Restore a backup.")
        for one in bad_ones()
        if one.startswith(("Version", "Ballot"))
    }


def test_a_record_that_was_altered_is_named(session, decided):
    assert altered_ones() == set()

    for statement, named in ALTERED:
        with session.begin_nested() as before:
            session.execute(text(statement))
            session.expunge_all()
            found = altered_ones()
            before.rollback()
        assert (statement, found) == (statement, named)


@pytest.mark.both_databases
def test_a_cursor_that_is_ahead_of_the_log_is_named(session):
    session.merge(LogCursor(reader="notices", number=1000))
    session.flush()

    assert any("acts that the log does not hold" in one for one in bad_ones())
