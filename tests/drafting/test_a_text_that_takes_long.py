"""A page does not wait long for a text that is slow to read."""

import threading
import time

from tests import cast, readings
from tests.waiting import PATIENT
from workgroup.textlog import documents, sharing
from workgroup.textlog.documents import UnreadableTextError

LONGEST = 5.0  # seconds, of which two are waited for the text


def test_a_page_waits_two_seconds_for_its_text_and_no_longer(as_, stored, monkeypatch):
    """Time itself is the claim: while it waits, each view holds a thread of all pages."""
    go = threading.Event()

    def read_slowly(*_arguments):
        go.wait(PATIENT)
        raise UnreadableTextError

    monkeypatch.setattr(documents, "run", read_slowly)
    documents.forget_documents()
    monkeypatch.setattr(sharing, "PAGE_WAIT", readings.PAGE_WAIT)

    began = time.monotonic()
    page = as_("oscar").get(f"/c/{cast.SLUG}/sections/{stored[0]}/")
    took = time.monotonic() - began
    go.set()
    documents.forget_documents()

    assert page.status_code == 200
    assert "The text is being prepared" in page.text
    assert readings.PAGE_WAIT == 2
    assert took < LONGEST
