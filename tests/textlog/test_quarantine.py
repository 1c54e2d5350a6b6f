"""What breaks the reader all the same is set aside, and the rest of the text opens."""

from collections import Counter

import pytest

from tests.textlog.test_documents import texts
from tests.textlog.wire import ANN, BEN, opening, string, typed, update
from workgroup.live.loading import load_room
from workgroup.textlog import documents, jobs, probing, quarantine, queries, services
from workgroup.textlog.models import Stream
from workgroup.textlog.services import Batch, Entry

pytestmark = [pytest.mark.both_databases, pytest.mark.real]

# A list in a list … : the intake refuses it, and it kills any process that parses it.
BOMB = (
    bytes((1, 1, BEN, 0, 40, 0, ANN, 0, 4)) + b"lang" + b"\1" + bytes((117, 1)) * 40_000
)
NONSENSE = b"\xff\xff\xff"


@pytest.fixture
def stream(session):
    documents.forget_documents()
    made = Stream(epoch=5, last_seq=0)
    session.add(made)
    session.commit()
    return made


def no_cohort(_stream_id):
    """Stand for a log that belongs to no section."""


def write(session, stream, amy, rows, since=()):
    numbers, entries = Counter(client for client, _ in since), []
    known = set(numbers)
    for client, data in rows:
        numbers[client] = numbers.get(client, 0) + 1
        entries.append(Entry(client, numbers[client], data))
    writers = dict.fromkeys(numbers.keys() - known, amy.id)
    services.append([Batch(stream.id, stream.epoch, entries, writers)])
    session.commit()


@pytest.mark.parametrize("bad", [BOMB, NONSENSE], ids=["kills", "raises"])
def test_the_row_and_what_builds_on_it_are_set_aside(session, stream, amy, bad):
    rows = [
        (ANN, opening()),
        (BEN, bad),
        (ANN, typed(ANN, 7, "!")),
        (BEN, update(BEN, 1, string("lost", origin=(ANN, 7)))),
        (ANN, typed(ANN, 8, "?")),
    ]
    write(session, stream, amy, rows)
    with pytest.raises(documents.UnreadableTextError):
        documents.read_document(stream, wait=60)

    jobs.Probe(no_cohort).run()

    session.expire_all()
    assert [one.seq for one in queries.set_aside(stream.id)] == [2, 4]
    assert texts(documents.read_document(stream, wait=60)) == ["Hello!?"]
    assert stream.epoch != 5
    assert len(queries.rows_after(stream.id, 0)) == 5
    room = load_room(stream.id)
    assert room.authors[BEN].stored == 2


def test_readable_texts_are_read_once_and_left_alone(session, stream, amy, monkeypatch):
    write(session, stream, amy, [(ANN, opening())])
    asked = []
    monkeypatch.setattr(
        probing,
        "groups_read",
        lambda groups, **_: asked.append(len(groups)) or len(groups),
    )
    probe = jobs.Probe(no_cohort)

    probe.run()
    probe.run()

    assert len(asked) == 1
    assert queries.set_aside(stream.id) == []


def test_a_machine_that_starts_no_child_sets_nothing_aside(
    session, stream, amy, monkeypatch
):
    write(session, stream, amy, [(ANN, NONSENSE)])
    monkeypatch.setattr(probing, "WALL_SECONDS", 0.001)

    jobs.Probe(no_cohort).run()

    assert queries.set_aside(stream.id) == []


def test_what_builds_on_a_row_is_known_from_the_rows():
    made = [
        (ANN, opening()),
        (BEN, update(BEN, 0, string("a", origin=(ANN, 6)))),
        (ANN, typed(ANN, 7, "b")),
        (ANN, update(ANN, 8, string("c", origin=(BEN, 0)))),
        (ANN, typed(ANN, 9, "d")),
        (BEN, typed(BEN, 1, "e")),
    ]
    rows = [
        queries.StoredRow(client, 1, data, 0, seq)
        for seq, (client, data) in enumerate(made, 1)
    ]

    assert quarantine.dependents(rows, {2: "broken"}).keys() == {4, 5, 6}
    assert quarantine.dependents(rows, {5: "broken"}).keys() == set()
    assert quarantine.dependents(rows, {}) == {}


def test_what_there_was_no_time_to_find_is_set_aside_at_the_next_turn(
    session, stream, amy, monkeypatch
):
    monkeypatch.setattr(quarantine, "SEARCH_SECONDS", 0)
    rows = [(ANN, opening()), (BEN, NONSENSE), (ANN, typed(ANN, 7, "!")), (33, BOMB)]
    write(session, stream, amy, rows)
    probe = jobs.Probe(no_cohort)

    for aside in ([2], [2, 4]):
        probe.run()
        assert [one.seq for one in queries.set_aside(stream.id)] == aside

    session.expire_all()
    assert texts(documents.read_document(stream, wait=60)) == ["Hello!"]


def test_a_row_among_thousands_is_found_by_a_few_children(
    session, stream, amy, monkeypatch
):
    letters = [(ANN, typed(ANN, 7 + at, "x")) for at in range(2500)]
    rows = [(ANN, opening()), *letters[:1900], (BEN, NONSENSE), *letters[1900:]]
    write(session, stream, amy, rows)
    asked, groups_read = [], quarantine.groups_read
    monkeypatch.setattr(
        quarantine,
        "groups_read",
        lambda groups: asked.append(len(groups)) or groups_read(groups),
    )

    found = quarantine.culprits(queries.rows_after(stream.id, 0))

    assert list(found) == [1902]
    assert max(asked) <= quarantine.FEW + 1
    assert len(asked) <= 4  # three that narrow it down, one that reads the rest
