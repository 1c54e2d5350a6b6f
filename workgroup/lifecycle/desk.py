"""What lies on the desk around one section: its text, its place, its newest version."""

from dataclasses import dataclass

from markupsafe import Markup

from workgroup.drafting import queries as drafting
from workgroup.drafting.canonical import word_count
from workgroup.drafting.inline import Labels
from workgroup.drafting.models import Section, Version
from workgroup.drafting.queries import Placed
from workgroup.drafting.rendering import render
from workgroup.drafting.states import SectionState
from workgroup.textlog.reading import UnreadableTextError, read_document


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One section with all that its page shows around it."""

    outline: list[Placed]
    number: str
    version: Version | None  # the newest
    text: Markup | None  # none: it cannot be read at the moment
    words: int


def lay_out(section: Section, labels: Labels) -> Desk:
    """Read what the page of a section shows.

    A draft shows its live text, everything else the version that was frozen.
    """
    outline = drafting.outline(section.report_id)
    here = next(place for place in outline if place.section.id == section.id)
    blocks = _blocks(section)
    return Desk(
        outline=outline,
        number=here.number,
        version=here.version,
        text=None if blocks is None else render(blocks, labels=labels),
        words=0 if blocks is None else word_count(blocks),
    )


def _blocks(section: Section) -> list[dict[str, object]] | None:
    version = None
    if section.state is not SectionState.DRAFT:
        version = drafting.latest_version(section.id)
    if version:
        blocks: list[dict[str, object]] = version.canonical["blocks"]
        return blocks
    try:
        return list(read_document(section.stream).get("content", ()))
    except UnreadableTextError:
        return None
