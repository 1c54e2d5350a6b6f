"""A freeze reads the text before its lock, and under the lock only what came since."""

import subprocess

import pytest

from tests.damage import damage
from tests.textlog.test_documents import (
    HELLO,
    paragraph,
    texts,
    write,
)
from tests.textlog.wire import ANN, typed
from workgroup.textlog import ahead, documents, services
from workgroup.textlog.services import Batch, Entry

LATER = [(4, typed(ANN, 5, "国")), (5, typed(ANN, 6, "!"))]


@pytest.fixture
def stream(session):
    made = services.create_stream(HELLO)
    session.commit()
    return made


def write_on(session, stream):
    entries = [Entry(ANN, n, data) for n, data in LATER]
    services.append([Batch(stream.id, stream.epoch, entries)])
    session.commit()


@pytest.mark.both_databases
def test_what_came_since_the_reading_is_in_the_text(session, stream):
    write(session, stream, paragraph("a"), typed(ANN, 3, "b"), typed(ANN, 4, "한"))

    with ahead.read_ahead(stream.id) as text_so_far:
        write_on(session, stream)
        last = services.freeze(stream)
        document = text_so_far.document(last)

    assert texts(document) == ["Hello", "ab한国!"]
    documents.forget_documents()
    assert document == documents.read_document(stream)


def test_a_text_to_which_nothing_was_added_reads_the_same(session, stream):
    with ahead.read_ahead(stream.id) as text_so_far:
        assert text_so_far.document(1)["content"] == HELLO


def test_a_row_that_is_missing_since_is_noticed(session, stream):
    write(session, stream, paragraph("a"), typed(ANN, 3, "b"), typed(ANN, 4, "c"))

    with ahead.read_ahead(stream.id) as text_so_far:
        write_on(session, stream)
        damage("DELETE FROM updates WHERE seq = 5")

        with pytest.raises(documents.UnreadableTextError):
            text_so_far.document(6)


def test_a_text_that_cannot_be_read_is_refused_before_any_lock(session, stream):
    write(session, stream, b"\xff\xff\xff")

    with pytest.raises(documents.UnreadableTextError), ahead.read_ahead(stream.id):
        raise AssertionError("the block must not begin")


def test_a_child_that_hangs_at_the_end_is_ended(session, stream, monkeypatch):
    monkeypatch.setattr(ahead, "FINISH_SECONDS", 0.5)

    with ahead.read_ahead(stream.id) as text_so_far:
        subprocess.run(["kill", "-STOP", str(text_so_far.child.pid)], check=True)

        with pytest.raises(documents.UnreadableTextError):
            text_so_far.document(1)


def test_no_child_is_left_behind(session, stream):
    with ahead.read_ahead(stream.id) as text_so_far:
        child = text_so_far.child

    assert child.returncode is not None
