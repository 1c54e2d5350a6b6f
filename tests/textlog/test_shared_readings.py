"""One child for each text, however many ask; and a failure is not repeated at once."""

import queue
import threading
import time

import pytest

from tests.waiting import PATIENT
from workgroup.textlog import documents, services, sharing
from workgroup.textlog.documents import TextNotReadyError, UnreadableTextError


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
