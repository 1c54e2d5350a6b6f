"""What is part of the record is not deleted as a whole either, by a quick hand in a shell."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.migrations.test_a_filled_instance import upgraded as upgraded  # noqa: PLC0414 - a fixture
from workgroup.database import db

pytestmark = [pytest.mark.both_databases, pytest.mark.real]

RECORD = ["audit_records", "ballots", "electors", "participations", "updates", "versions", "votes"]  # fmt: skip
REFERRED_TO = ["streams", "sections", "memberships", "cohorts", "users"]
GUARDS = """
SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal AND tgtype & :act <> 0
"""
DELETING, EMPTYING = 8, 32  # bits of ``tgtype``


def counts():
    """Return how many rows each table has, and hold no lock that TRUNCATE waits for."""
    with db.engine.begin() as connection:
        return {
            table: connection.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in RECORD
        }


@pytest.mark.parametrize("table", [*RECORD, *REFERRED_TO])
def test_no_table_of_the_record_is_emptied(upgraded, table):
    sqlite = db.engine.name == "sqlite"
    before = counts()

    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(
            text(f"DELETE FROM {table}" if sqlite else f"TRUNCATE {table} CASCADE")
        )

    assert all(before.values())
    assert counts() == before


def test_whatever_may_not_be_deleted_may_not_be_emptied(session):
    if db.engine.name == "postgresql":
        kept = set(session.scalars(text(GUARDS), {"act": DELETING}))
        assert len(kept) >= len(RECORD)
        assert kept == set(session.scalars(text(GUARDS), {"act": EMPTYING}))
