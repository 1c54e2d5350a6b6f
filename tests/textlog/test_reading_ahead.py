"""A freeze reads the text before its lock, and under the lock only what came since."""

import subprocess
import threading

import pytest

from tests.damage import damage
from tests.textlog.test_documents import (
    HELLO,
    paragraph,
    texts,
    write,
)
from tests.textlog.wire import ANN, typed
from tests.waiting import PATIENT
from workgroup.textlog import ahead, documents, services, sharing
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


@pytest.fixture
def children(monkeypatch):
    """The children that were started to read ahead, the newest last."""
    started, really = [], ahead.subprocess.Popen

    def start(command, **options):
        child = really(command, **options)
        if "--ahead" in command:
            started.append(child)
        return child

    monkeypatch.setattr(ahead.subprocess, "Popen", start)
    return started


def refused(stream):
    with pytest.raises(documents.UnreadableTextError), ahead.read_ahead(stream.id):
        raise AssertionError("the block must not begin")


def test_a_text_that_failed_is_not_given_child_after_child(
    session, stream, children, monkeypatch
):
    write(session, stream, b"\xff\xff\xff")

    for _click in range(3):
        refused(stream)
    assert len(children) == 1
    with pytest.raises(documents.UnreadableTextError):
        documents.read_document(stream)

    monkeypatch.setattr(sharing, "FAILED_FOR", -1.0)
    refused(stream)
    assert len(children) == 2


def test_a_text_that_failed_on_a_page_is_refused_at_once(session, stream, children):
    write(session, stream, b"\xff\xff\xff")
    with pytest.raises(documents.UnreadableTextError):
        documents.read_document(stream, wait=PATIENT)

    refused(stream)

    assert children == []


def test_a_text_that_is_given_more_rows_is_tried_again(session, stream, children):
    documents.readings.fail(documents.key_of(stream.id, None), "it broke")
    refused(stream)
    write(session, stream, paragraph("a"))

    with ahead.read_ahead(stream.id) as text_so_far:
        assert len(text_so_far.document(2)["content"]) == 2


def test_of_many_at_once_two_read_and_the_others_wait(app, stream, monkeypatch):
    """And they have stopped reading, so that no turn is held, when each one's block begins."""
    reading, most, go = [], [], threading.Event()
    really, guard = ahead.ReadAhead.start, threading.Lock()
    inside = threading.Barrier(5, timeout=PATIENT)

    def start(self, updates):
        with guard:
            reading.append(self)
            most.append(len(reading))
        if len(most) == 1:
            go.wait(PATIENT)  # a second one comes beside it, and no third one does
        really(self, updates)
        with guard:
            reading.remove(self)

    def organizer():
        with app.app_context(), ahead.read_ahead(stream.id):
            inside.wait()  # all five at once, with the child of each

    monkeypatch.setattr(ahead.ReadAhead, "start", start)
    organizers = [threading.Thread(target=organizer) for _ in range(5)]
    for one in organizers:
        one.start()
    go.set()
    for one in organizers:
        one.join(PATIENT)

    assert len(most) == 5
    assert max(most) <= documents.AT_ONCE
    assert not inside.broken


def test_without_a_turn_the_page_says_that_the_text_is_being_prepared(
    stream, children, monkeypatch
):
    monkeypatch.setattr(documents, "PATIENT_WAIT", 0.01)

    with (
        documents.turn(),
        documents.turn(),
        pytest.raises(documents.TextNotReadyError, match="being prepared"),
        ahead.read_ahead(stream.id),
    ):
        raise AssertionError("the block must not begin")

    assert children == []
    with ahead.read_ahead(stream.id):
        assert len(children) == 1
