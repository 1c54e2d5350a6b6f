"""One child for each text, however many ask; and a failure is not repeated at once."""

import gc
import queue
import threading
import time
import tracemalloc

import pytest

from tests.textlog.wire import ANN, opening, typed
from tests.waiting import PATIENT
from workgroup.textlog import documents, services, sharing
from workgroup.textlog.documents import TextNotReadyError, UnreadableTextError
from workgroup.textlog.services import Batch, Entry


@pytest.fixture
def stream(session):
    made = services.create_stream()
    session.commit()
    documents.forget_documents()
    return made


@pytest.fixture
def children(monkeypatch):
    """Count the children, and let them wait until they may answer."""
    started, go = [], threading.Event()

    def run(updates, *options):
        started.append(options)
        go.wait(PATIENT)
        return {"doc": {"type": "doc", "content": []}}

    monkeypatch.setattr(documents, "run", run)
    yield started, go
    go.set()


def test_eight_readers_of_one_text_start_one_child(app, stream, children):
    started, go = children
    read = []

    def reader():
        with app.app_context():
            read.append(documents.read_document(stream, wait=20))

    readers = [threading.Thread(target=reader) for _ in range(8)]
    for one in readers:
        one.start()
    while not started:
        time.sleep(0.01)
    go.set()
    for one in readers:
        one.join(PATIENT)

    assert len(started) == 1
    assert read == [{"type": "doc", "content": []}] * 8


def test_a_page_waits_no_longer_than_it_may_and_the_reading_goes_on(stream, children):
    started, go = children

    with pytest.raises(TextNotReadyError, match="being prepared"):
        documents.read_document(stream, wait=0.01)
    go.set()

    assert documents.read_document(stream, wait=20)["type"] == "doc"
    assert len(started) == 1


def test_of_many_pages_two_wait_long_and_hold_their_threads(
    app, stream, children, monkeypatch
):
    _, go = children
    monkeypatch.setattr(sharing, "BRIEF_WAIT", 0.01)
    monkeypatch.setattr(sharing, "PAGE_WAIT", 20)
    answered = queue.SimpleQueue()

    def view():
        with app.app_context():
            try:
                answered.put(documents.read_document(stream)["type"])
            except TextNotReadyError:
                answered.put("not ready")

    views = [threading.Thread(target=view) for _ in range(10)]
    for one in views:
        one.start()
    at_once = [answered.get(timeout=PATIENT) for _ in range(8)]
    go.set()
    later = [answered.get(timeout=PATIENT) for _ in range(2)]

    assert at_once == ["not ready"] * 8
    assert later == ["doc"] * 2


def test_a_failure_is_remembered_for_a_while(stream, monkeypatch):
    tried = []

    def fail(updates, *options):
        tried.append(options)
        raise UnreadableTextError("it broke")

    monkeypatch.setattr(documents, "run", fail)
    for _ in range(3):
        with pytest.raises(UnreadableTextError, match="Nothing is lost"):
            documents.read_document(stream, wait=20)
    assert len(tried) == 1

    monkeypatch.setattr(sharing, "FAILED_FOR", -1.0)
    with pytest.raises(UnreadableTextError):
        documents.read_document(stream, wait=20)
    assert len(tried) == 2


JAPANESE = {"type": "doc", "content": [{"type": "text", "text": "会議" * 50_000}]}
IN_MEMORY = 250_000  # bytes of it, when two are taken for a letter


def several(session, number):
    made = [services.create_stream() for _ in range(number)]
    session.commit()
    return made


@pytest.fixture
def kept(monkeypatch):
    """Read a long Japanese text wherever one is read; give the bytes that stay in memory."""

    def run(updates, *options):
        return {"doc": JAPANESE}

    monkeypatch.setattr(documents, "run", run)

    def measure(readings):
        tracemalloc.start()
        for stream, upto in readings:
            documents.read_document(stream, upto, wait=PATIENT)
        gc.collect()
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return size

    return measure


def test_of_a_text_that_somebody_types_in_only_the_last_readings_are_kept(
    session, stream, kept
):
    write_letters(session, stream, 12)

    assert kept((stream, upto) for upto in range(1, 14)) < 3 * IN_MEMORY


def test_the_memory_of_readings_is_bounded_whatever_their_number(
    session, kept, monkeypatch
):
    monkeypatch.setattr(sharing, "KEPT_BYTES", 4 * IN_MEMORY)
    documents.forget_documents()
    streams = several(session, 12)

    assert kept((stream, 1) for stream in streams) < 5 * IN_MEMORY


def write_letters(session, stream, count):
    entries = [
        Entry(ANN, n, opening() if n == 1 else typed(ANN, n + 5, "x"))
        for n in range(1, count + 1)
    ]
    services.append([Batch(stream.id, stream.epoch, entries, {ANN: 1})])
    session.commit()


def test_readings_that_wait_for_their_turn_are_few_and_hold_few_rows(
    app, session, stream, children, monkeypatch
):
    _, go = children
    write_letters(session, stream, 10)
    others = several(session, 10)
    fetched, updates_to = [], documents.updates_to
    monkeypatch.setattr(
        documents, "updates_to", lambda key: fetched.append(key[0]) or updates_to(key)
    )

    for one, upto in [(stream, n) for n in range(1, 11)] + [(o, 1) for o in others]:
        with pytest.raises(TextNotReadyError, match="being prepared"):
            documents.read_document(one, upto, wait=0.01)

    assert fetched.count(stream.id) == sharing.UNDER_WAY_OF_A_TEXT
    assert len(fetched) == sharing.UNDER_WAY

    go.set()  # and those who can wait come in
    assert documents.read_document(others[-1], 1, wait=PATIENT)["type"] == "doc"
    assert documents.read_document(stream, 9, wait=PATIENT)["type"] == "doc"
