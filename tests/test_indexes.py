"""What pages and the worker ask for is found by an index, however much there is."""

import re

import pytest
from sqlalchemy import event

from tests.furniture import furnish
from tests.test_authorization import addresses
from workgroup.database import db

# Few rows, or none that a condition could leave out: these may be walked through.
SMALL = {
    "anon_1",  # what a query has found by an index already
    "CONSTANT",
    "streams",  # as many as there are sections
    "updates",  # once a minute, for holes
}
SCAN = re.compile(r"SCAN (\w+)\b(?! USING INDEX ix_)")


@pytest.fixture
def statements(app):
    """What was asked of the database, with its values."""
    asked = {}

    def note(_connection, _cursor, statement, values, _context, many):
        if statement.startswith(("SELECT", "UPDATE", "DELETE")) and not many:
            asked[statement] = values

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def plans(app, statements):
    """Return what SQLite would walk through for each statement, and the statement."""
    with app.app_context():
        cursor = db.session.connection().connection.cursor()
        for statement, values in statements.items():
            for row in cursor.execute(
                f"EXPLAIN QUERY PLAN {statement}", values
            ).fetchall():
                if found := SCAN.match(row[3]):
                    yield found[1], statement


def test_no_page_and_no_turn_of_the_worker_walks_through_a_whole_table(
    app, as_, statements
):
    with app.app_context():
        furniture = furnish("trilateral", "CANARY")
    statements.clear()

    for asked in addresses(app, furniture):
        if asked.method == "GET":
            asked.by(as_("olivia"))
    for task in app.extensions["schedule"].periodic.values():
        with app.app_context():
            task.run()

    assert len(statements) > 50
    walked = dict(plans(app, dict(statements)))
    assert {table: walked[table] for table in walked.keys() - SMALL} == {}
