"""The text of a stream: read in a child, cached, and never a wrong word."""

import pytest

from tests.textlog.wire import ANN, element, opening, string, typed, update, words_in
from workgroup.textlog import documents, jobs, queries, services
from workgroup.textlog.services import Batch, Entry

HELLO = [{"type": "paragraph", "content": [{"type": "text", "text": "Hello"}]}]


@pytest.fixture
def stream(session):
    made = services.create_stream(HELLO)
    session.commit()
    return made


def write(session, stream, *updates):
    entries = [Entry(ANN, n, data) for n, data in enumerate(updates, 1)]
    services.append([Batch(stream.id, stream.epoch, entries, {ANN: 1})])
    session.commit()


def paragraph(words):
    """Ann's own paragraph before the seed's: clocks 0, 1 and one for each letter."""
    return update(
        ANN,
        0,
        element("paragraph"),
        words_in(parent=(ANN, 0)),
        string(words, parent=(ANN, 1)),
    )


def texts(document):
    return sorted(
        part["text"] for block in document["content"] for part in block["content"]
    )


def test_any_number_can_be_read_again(session, stream):
    write(session, stream, paragraph("a"), typed(ANN, 3, "b"), typed(ANN, 4, "한"))

    assert texts(documents.read_document(stream)) == ["Hello", "ab한"]
    assert texts(documents.read_document(stream, upto=3)) == ["Hello", "ab"]
    assert documents.read_document(stream, upto=1)["content"] == HELLO


def test_a_text_that_kills_the_child_is_a_sentence_and_no_crash(session, stream):
    write(session, stream, b"\xff\xff\xff")

    with pytest.raises(documents.UnreadableTextError, match="Nothing is lost"):
        documents.read_document(stream)


def test_a_child_that_hangs_is_killed(monkeypatch, session, stream):
    monkeypatch.setattr(documents, "WALL_SECONDS", 0.001)

    with pytest.raises(documents.UnreadableTextError):
        documents.read_document(stream)


def test_a_grown_stream_gets_a_snapshot_and_keeps_its_rows(session, stream):
    count = queries.ROWS_BETWEEN
    write(
        session,
        stream,
        paragraph("a"),
        *(typed(ANN, clock, "b") for clock in range(3, count + 2)),
    )
    before = documents.read_document(stream)

    jobs.Snapshots().take()

    snapshot = queries.latest_snapshot(stream.id, stream.epoch)
    assert snapshot.seq == count + 1
    assert len(queries.rows_after(stream.id, 0)) == count + 1
    documents.forget_documents()  # so that the snapshot is read
    assert documents.read_document(stream) == before
    jobs.Snapshots().take()
    assert queries.latest_snapshot(stream.id, stream.epoch).seq == count + 1


def test_a_text_of_sixty_thousand_keystrokes_is_read():
    me, keys = 77, 60_000
    letters = (typed(me, clock, "a") for clock in range(3, 2 + keys))

    read = documents.run([opening(me, "a"), *letters])

    (paragraph,) = read["doc"]["content"]
    assert paragraph["content"][0]["text"] == "a" * keys
