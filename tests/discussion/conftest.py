"""A section whose words are discussed, in three scripts."""

import pytest

from tests.cast import person
from workgroup.database import db
from workgroup.drafting import arranging
from workgroup.drafting import moves as drafting
from workgroup.drafting.models import Section
from workgroup.drafting.states import SectionKind

ENGLISH = "Korea will report disruptions within five days."
JAPANESE = "各国政府は早期警報の仕組みを設けるべきである。"
KOREAN = "세 나라는 조기 경보 체계를 마련해야 한다."


def paragraph(*runs):
    """A paragraph of words, each with the thread that marks it or none."""
    content = [
        {"type": "text", "text": words}
        | ({"marks": [{"type": "comment", "attrs": {"id": mark}}]} if mark else {})
        for words, mark in runs
    ]
    return {"type": "paragraph", "content": content}


def write_section(*blocks):
    """Write a chapter with these blocks; the caller commits."""
    olivia = person("olivia")
    report = arranging.create_report(olivia, "A Practical Agenda")
    return arranging.add_section(
        report, olivia, kind=SectionKind.CHAPTER, title="Early warning", blocks=blocks
    )


@pytest.fixture
def section(session):
    """A draft in three scripts; the thread with number 1 would mark its first words."""
    section = write_section(
        paragraph(("Korea", 1), (" will report disruptions within five days.", None)),
        paragraph((JAPANESE, None)),
        paragraph((KOREAN, None)),
    )
    session.commit()
    return section


@pytest.fixture
def stored(app):
    """The id of such a draft, for tests of pages."""
    with app.app_context():
        section = write_section(
            paragraph((ENGLISH, None)),
            paragraph((JAPANESE, None)),
            paragraph((KOREAN, None)),
        )
        db.session.commit()
        return section.id


@pytest.fixture
def frozen(app, stored):
    """The id of the section after it was frozen to version 1."""
    with app.app_context():
        drafting.freeze(db.session.get(Section, stored), person("olivia"))
        db.session.commit()
    return stored
