"""A damaged log is noticed: it is not read, not frozen, and the doctor names it."""

import pytest

from tests.damage import damage as damage_rows
from tests.textlog.test_documents import texts
from tests.textlog.wire import ANN, opening, typed
from workgroup.accounts.models import User
from workgroup.live.loading import HoleError, load_room
from workgroup.textlog import (
    documents,
    inspection,
    jobs,
    quarantine,
    queries,
    services,
)
from workgroup.textlog.checksums import snapshot_checksum
from workgroup.textlog.documents import UnreadableTextError
from workgroup.textlog.models import Snapshot, Stream
from workgroup.textlog.services import Batch, Entry

pytestmark = pytest.mark.both_databases


@pytest.fixture
def stream(session, monkeypatch):
    monkeypatch.setattr(queries, "ROWS_BETWEEN", 20)
    made = Stream(epoch=5, last_seq=0)
    session.add(made)
    session.flush()
    amy = session.scalars(User.__table__.select()).first()
    rows = [opening(), *(typed(ANN, clock, "x") for clock in range(7, 36))]
    entries = [Entry(ANN, n, data) for n, data in enumerate(rows, 1)]
    services.append([Batch(made.id, 5, entries, {ANN: amy})])
    session.commit()
    documents.forget_documents()
    assert texts(documents.read_document(made, wait=60)) == ["Hello" + 29 * "x"]
    documents.forget_documents()
    return made


WRITTEN = {"nothing": queries.NOTHING, "other": typed(ANN, 35, "y")}


def damage(session, statement, **values):
    written = {
        name: value for name, value in WRITTEN.items() if f":{name}" in statement
    }
    damage_rows(statement, **written, **values)
    session.commit()


DELETED = "DELETE FROM updates WHERE seq = 12"
FIRST_DELETED = "DELETE FROM updates WHERE seq = 1"
LAST_DELETED = "DELETE FROM updates WHERE seq = 30"
RENUMBERED = "UPDATE updates SET seq = 50 WHERE seq = 12"
LOST_AND_CLOSED_UP = (
    "DELETE FROM updates WHERE seq = 12",
    "UPDATE updates SET seq = 12 WHERE seq = 30",
    "UPDATE streams SET last_seq = 29",
)
TRUNCATED = "UPDATE updates SET data = substr(data, 1, 7) WHERE seq = 12"
EMPTIED = "UPDATE updates SET data = :nothing WHERE seq = 30"
OVERWRITTEN = "UPDATE updates SET data = :other WHERE seq = 30"
SWAPPED_AUTHOR = "UPDATE updates SET n = 31 WHERE seq = 30"
DAMAGES = [
    pytest.param((DELETED,), id="a row deleted"),
    pytest.param((FIRST_DELETED,), id="the first row deleted"),
    pytest.param((LAST_DELETED,), id="the last row deleted"),
    pytest.param((RENUMBERED,), id="a row numbered otherwise"),
    pytest.param(LOST_AND_CLOSED_UP, id="a row lost, and the numbers closed up"),
    pytest.param((TRUNCATED,), id="a row truncated"),
    pytest.param((EMPTIED,), id="a row emptied"),
    pytest.param((OVERWRITTEN,), id="a row overwritten with another letter"),
    pytest.param((SWAPPED_AUTHOR,), id="a row counted otherwise"),
]


@pytest.mark.parametrize("statements", DAMAGES)
def test_a_damaged_log_is_not_read_and_the_doctor_names_it(session, stream, statements):
    for statement in statements:
        damage(session, statement)

    with pytest.raises(UnreadableTextError):
        documents.read_document(stream)
    with pytest.raises(UnreadableTextError):
        documents.encode_state(stream.id, queries.standing(stream.id).last_seq)
    with pytest.raises(HoleError):
        load_room(stream.id)
    assert [one for one, _ in inspection.faults()] == [stream.id]


def test_the_doctor_finds_a_row_that_was_altered_before_a_snapshot(session, stream):
    jobs.Snapshots().take()
    assert list(inspection.faults()) == []
    damage(session, OVERWRITTEN)

    ((named, sentence),) = inspection.faults()

    assert (named, "row 30 of its log was altered" in sentence) == (stream.id, True)
    with pytest.raises(UnreadableTextError):
        documents.encode_state(stream.id, 30)


def test_a_row_that_was_set_aside_is_kept_as_it_was_stored(session, stream):
    rows = queries.rows_after(stream.id, 0)
    quarantine.set_aside(stream.id, rows, {30: "it broke a reader"}, None)
    session.commit()

    assert texts(documents.read_document(stream, wait=60)) == ["Hello" + 28 * "x"]
    assert list(inspection.faults()) == []

    damage(session, OVERWRITTEN)
    assert [one for one, _ in inspection.faults()] == [stream.id]


def test_nothing_after_an_altered_row_is_sent_to_anybody(session, stream):
    damage(session, TRUNCATED)

    assert [row.seq for row in queries.rows_after(stream.id, 0)] == list(range(1, 12))


@pytest.mark.parametrize("uncounted", [1, 5, 30])
def test_a_row_that_the_log_no_longer_counts_is_noticed(session, stream, uncounted):
    damage(
        session,
        "UPDATE streams SET last_seq = last_seq - :uncounted",
        uncounted=uncounted,
    )

    with pytest.raises(UnreadableTextError):
        documents.read_document(stream)
    assert [one for one, _ in inspection.faults()] == [stream.id]
    assert inspection.streams_with_holes() == [stream.id]


def test_a_hole_is_noticed_after_a_snapshot_too(session, stream):
    jobs.Snapshots().take()
    damage(session, DELETED)

    with pytest.raises(UnreadableTextError):
        documents.read_document(stream)


def rewrite(session, stream, seq, state):
    """Let a snapshot say something else, with the checksum of that."""
    held = session.get_one(Snapshot, (stream.id, seq))
    held.state = state
    held.checksum = snapshot_checksum(stream.id, seq, held.epoch, held.tag, state)
    session.commit()


def test_a_snapshot_that_differs_is_named(session, stream):
    jobs.Snapshots().take()
    assert list(inspection.faults()) == []
    rewrite(session, stream, 30, opening(words="Hallo"))

    ((named, sentence),) = inspection.faults()

    assert named == stream.id
    assert "snapshot at 30 differs" in sentence


def test_each_kept_snapshot_is_compared_and_the_log_read_once(
    session, stream, monkeypatch
):
    jobs.Snapshots().take()
    entries = [Entry(ANN, n, typed(ANN, n + 5, "z")) for n in range(31, 61)]
    services.append([Batch(stream.id, 5, entries)])
    session.commit()
    jobs.Snapshots().take()
    run, asked = documents.run, []
    monkeypatch.setattr(
        documents, "run", lambda *given: asked.append(given[1:]) or run(*given)
    )

    assert list(inspection.faults()) == []
    assert asked == [("--stops",), (), ()]

    other = opening(words="Hallo")
    rewrite(session, stream, 30, other)
    ((named, sentence),) = inspection.faults()
    assert (named, "snapshot at 30 differs" in sentence) == (stream.id, True)
