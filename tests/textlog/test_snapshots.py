"""Snapshots: two of them, each with the intake's state at its number."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tests.textlog.wire import ANN, BEN, TRAFFIC, opening, string, typed, update
from workgroup.textlog import documents, inspection, jobs, queries, services
from workgroup.textlog.intake import StreamState
from workgroup.textlog.models import Snapshot, Stream
from workgroup.textlog.packing import OtherFormatError, pack, unpack
from workgroup.textlog.services import Batch, Entry

EVE = 33

pytestmark = pytest.mark.both_databases


@pytest.fixture
def stream(session, monkeypatch):
    """A stream without a seed, so that recorded traffic makes all of it."""
    monkeypatch.setattr(queries, "ROWS_BETWEEN", 20)
    made = Stream(epoch=5, last_seq=0)
    session.add(made)
    session.commit()
    return made


def write(session, stream, person, rows):
    known, entries = queries.authors(stream.id), []
    numbers = {client: number for client, (_, number) in known.items()}
    for client, data in rows:
        numbers[client] = numbers.get(client, 0) + 1
        entries.append(Entry(client, numbers[client], data))
    new = {client: person.id for client in numbers if client not in known}
    services.append([Batch(stream.id, stream.epoch, entries, new)])
    session.commit()


def state_of(rows):
    state = StreamState()
    for client, data in rows:
        state.admit(data, client)
    return state


def kept(session, stream):
    numbers = select(Snapshot.seq).where(Snapshot.stream_id == stream.id)
    return sorted(session.scalars(numbers))


def test_a_room_opens_from_the_newest_snapshot_as_from_every_row(session, stream, amy):
    write(session, stream, amy, TRAFFIC[:60])
    jobs.Snapshots().take()
    write(session, stream, amy, TRAFFIC[60:90])

    state, seq = queries.intake_state(stream.id)

    assert seq == 60
    assert pack(state) == pack(state_of(TRAFFIC[:60]))
    for row in queries.rows_after(stream.id, seq):
        state.admit(row.data, row.client_id)
    assert pack(state) == pack(state_of(TRAFFIC[:90]))


def test_without_a_snapshot_it_opens_from_the_first_row(session, stream, amy):
    write(session, stream, amy, TRAFFIC[:10])

    state, seq = queries.intake_state(stream.id)

    assert (pack(state), seq) == (pack(StreamState()), 0)


def test_a_state_of_another_version_or_epoch_is_not_used(session, stream, amy):
    write(session, stream, amy, TRAFFIC[:30])
    jobs.Snapshots().take()
    snapshot = session.scalars(select(Snapshot)).one()
    snapshot.intake = b"0" + pack(StreamState())
    session.commit()

    assert queries.intake_state(stream.id)[1] == 0

    snapshot.intake = pack(state_of(TRAFFIC[:30]))
    stream.epoch = 6
    session.commit()
    assert queries.intake_state(stream.id)[1] == 0


def test_a_text_is_read_from_a_snapshot_of_its_own_epoch_alone(session, stream, amy):
    write(session, stream, amy, TRAFFIC[:30])
    jobs.Snapshots().take()
    assert len(documents.updates_of(stream.id, 30)) == 1

    stream.epoch = 6
    session.commit()

    rows = [row.data for row in queries.rows_after(stream.id, 0)]
    assert documents.updates_of(stream.id, 30) == rows


@pytest.mark.parametrize("damage", [b"", b"1.", pack(StreamState())[:-3]])
def test_a_damaged_state_is_noticed(damage):
    with pytest.raises(OtherFormatError):
        unpack(damage)


def test_the_two_newest_snapshots_are_kept(session, stream, amy):
    for first in range(0, 120, 30):
        write(session, stream, amy, TRAFFIC[first : first + 30])
        jobs.Snapshots().take()

    assert kept(session, stream) == [90, 120]
    assert len(queries.rows_after(stream.id, 0)) == 120


def test_a_long_log_waits_for_more_rows_before_it_is_replayed_again(
    session, stream, amy, monkeypatch
):
    monkeypatch.setattr(queries, "SHARE_BETWEEN", 2)
    write(session, stream, amy, TRAFFIC[:100])
    jobs.Snapshots().take()
    write(session, stream, amy, TRAFFIC[100:190])
    jobs.Snapshots().take()

    assert kept(session, stream) == [100]


def test_a_snapshot_that_differs_is_never_written(session, stream, amy):
    # Neighbors that cross: the order then depends on who is read first.
    crossed = string("Y", origin=(ANN, 4), right=(ANN, 3))
    rows = [
        (ANN, opening()),
        (BEN, update(BEN, 0, string("X", parent=(ANN, 1)))),
        (EVE, update(EVE, 0, crossed)),
        *((EVE, typed(EVE, clock, "x")) for clock in range(1, 40)),
    ]
    write(session, stream, amy, rows)

    jobs.Snapshots().take()

    assert kept(session, stream) == []


def test_a_text_that_cannot_be_read_is_tried_more_and_more_rarely(
    session, stream, amy, monkeypatch
):
    write(session, stream, amy, TRAFFIC[:40])
    now, tried, encode_state = [1000.0], [], documents.encode_state

    def fail(*_):
        tried.append(now[0] - 1000)
        raise documents.UnreadableTextError

    monkeypatch.setattr(documents, "encode_state", fail)
    monkeypatch.setattr(jobs, "time", SimpleNamespace(monotonic=lambda: now[0]))
    snapshots = jobs.Snapshots()
    for _ in range(70):
        snapshots.take()
        now[0] += jobs.EVERY.total_seconds()
    assert tried == [0, 60, 180, 420, 900, 1800]

    monkeypatch.setattr(documents, "encode_state", encode_state)
    now[0] += jobs.LONGEST_PAUSE
    snapshots.take()
    assert kept(session, stream) == [40]


def test_authors_are_read_with_their_person_and_last_number(session, stream, amy):
    write(session, stream, amy, TRAFFIC[:40])
    clients = [client for client, _ in TRAFFIC[:40]]

    assert queries.authors(stream.id) == {
        client: (amy.id, clients.count(client)) for client in set(clients)
    }


def altered(column):
    """Return what a snapshot's column might say instead, as after a bad page of the file."""
    return {
        "state": lambda state: state.replace(b"a", b"b", 1),
        "seq": lambda seq: seq - 10,
        "tag": lambda tag: tag ^ 1,
    }[column]


def alter(session, stream, column):
    """Alter the newest snapshot, without its checksum."""
    newest = queries.latest_snapshot(stream.id, stream.epoch)
    setattr(newest, column, altered(column)(getattr(newest, column)))
    session.commit()
    session.expunge_all()


@pytest.mark.parametrize("column", ["state", "seq", "tag"])
def test_a_snapshot_that_was_altered_is_not_used(session, stream, amy, column):
    write(session, stream, amy, TRAFFIC[:60])
    stream_id, epoch = stream.id, stream.epoch
    text = documents.run(documents.updates_of(stream_id, 60))
    jobs.Snapshots().take()
    alter(session, stream, column)

    rows = [row.data for row in queries.rows_after(stream_id, 0)]
    assert queries.latest_snapshot(stream_id, epoch) is None
    assert documents.updates_of(stream_id, 60) == rows
    assert documents.run(documents.updates_of(stream_id, 60)) == text
    assert queries.intake_state(stream_id)[1] == 0
    ((named, sentence),) = inspection.faults()
    assert (named, "was altered and is not used: delete it" in sentence) == (
        stream_id,
        True,
    )


def test_the_snapshot_before_an_altered_one_is_used(session, stream, amy):
    stream_id = stream.id
    for first in (0, 30):
        write(session, stream, amy, TRAFFIC[first : first + 30])
        jobs.Snapshots().take()
    alter(session, stream, "state")

    assert queries.intake_state(stream_id)[1] == 30
    assert len(documents.updates_of(stream_id, 60)) == 1 + 30
