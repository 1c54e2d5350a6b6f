"""One draft of the sample report, set once for all tests that read it."""

import subprocess

import pikepdf
import pytest

from exports.document import Status
from tests.exports.child import export
from tests.exports.sample import sample
from tests.exports.structure import tags


@pytest.fixture(scope="session")
def document():
    return sample(Status.DRAFT)


@pytest.fixture(scope="session")
def draft(engine, document, tmp_path_factory):
    run = export(document, tmp_path_factory.mktemp("draft"))
    assert run.code == 0, (run.last, run.stderr)
    return run


@pytest.fixture(scope="session")
def pdf(draft):
    with pikepdf.open(draft.target) as opened:
        yield opened


@pytest.fixture(scope="session")
def tree(pdf):
    """The elements of the tag tree in reading order."""
    return list(tags(pdf))


@pytest.fixture(scope="session")
def pages(draft):
    """The text of each page, as a reader's program copies it."""
    return page_texts(draft.target)


def page_texts(path):
    text = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", str(path), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return text.split("\f")[:-1]
