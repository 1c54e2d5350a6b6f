"""The audit log is append-only, and an altered record is named."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from workgroup.acts import queries as audit
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.acts.models import AuditRecord

pytestmark = pytest.mark.both_databases


def three_records(session):
    for act in (Act.BALLOT_OPENED, Act.VOTE_CAST, Act.BALLOT_CLOSED):
        acts.note(act, 5, by=1, cohort_id=1, stream_id=7)
    session.commit()


def test_records_are_numbered_without_a_gap_and_chained(session):
    three_records(session)

    rows = session.query(AuditRecord).order_by(AuditRecord.number).all()

    assert [row.number for row in rows] == [1, 2, 3]
    assert len({row.digest for row in rows}) == 3
    assert audit.first_altered() is None


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_records SET actor = 'person:2'", "DELETE FROM audit_records"],
)
def test_the_database_refuses_to_change_or_delete_a_record(session, statement):
    three_records(session)

    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))

    session.rollback()
    assert session.query(AuditRecord).count() == 3


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE audit_records SET actor = 'person:2' WHERE number = 2", 2),
        ("UPDATE audit_records SET digest = 'f' WHERE number = 3", 3),
        ("DELETE FROM audit_records WHERE number = 1", 1),
    ],
)
def test_a_change_that_bypasses_the_triggers_is_found(session, statement, named):
    three_records(session)
    switch_the_guard_off(session)

    session.execute(text(statement))
    session.commit()

    assert audit.first_altered() == named


def switch_the_guard_off(session):
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE audit_records DISABLE TRIGGER ALL"))
        return
    for act in ("update", "delete"):
        session.execute(text(f"DROP TRIGGER audit_records_no_{act}"))
