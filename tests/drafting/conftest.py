"""A report with sections, as the organizer of the cast sets it up."""

import pytest

from tests import cast
from tests.cast import person
from tests.drafting.blocks import paragraph
from workgroup.database import db
from workgroup.drafting import arranging
from workgroup.drafting.states import SectionKind

PAGE = f"/c/{cast.SLUG}/report"


def write_report(*kinds, blocks=None):
    """Write a report with one section of each kind; the caller commits."""
    olivia = person("olivia")
    report = arranging.create_report(olivia, "A Practical Agenda")
    return [
        arranging.add_section(
            report,
            olivia,
            kind=kind,
            title=f"{kind.value.title()} {place}",
            blocks=blocks or [paragraph("First words.")],
        )
        for place, kind in enumerate(kinds, 1)
    ]


@pytest.fixture
def section(session, olivia):
    """One draft recommendation."""
    [section] = write_report(SectionKind.RECOMMENDATION)
    session.commit()
    return section


@pytest.fixture
def stored(app):
    """The ids of a chapter, a recommendation and an appendix, for tests of pages."""
    kinds = SectionKind.CHAPTER, SectionKind.RECOMMENDATION, SectionKind.APPENDIX
    with app.app_context():
        sections = write_report(*kinds)
        db.session.commit()
        return [section.id for section in sections]
