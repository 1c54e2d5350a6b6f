"""From the Document to one HTML page and its style sheet, through the templates."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from exports import assets
from exports.blocks import BlockWriter, Heading
from exports.characters import set_as
from exports.document import Decision, Document, Kind, Section, Status
from exports.watermark import outline

HERE = Path(__file__).parent
_NOTHING = Markup()
_WATERMARKS = (("draft.svg", "#B5482A", 0.1), ("draft-cover.svg", "#fff", 0.16))
_LISTED_DEPTH = 2  # of the headings in the contents, below a part's own
STYLES = ("faces", "page", "text", "parts", "records")


@dataclass(frozen=True, kw_only=True)
class Box:
    """A recommendation: what stands in its box and the text that follows."""

    anchor: str
    section: Section
    action: Markup
    text: Markup


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part that begins on a new page and has a line in the contents."""

    anchor: str
    label: str
    number: str
    title: str
    section: Section | None = None
    text: Markup = _NOTHING
    headings: tuple[Heading, ...] = ()
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Composed:
    """What the layout reads: the page, its style sheets, and the drawings they name."""

    html: str
    css: str
    drawings: dict[str, str]

    @property
    def notes(self) -> int:
        """Return the number of footnotes."""
        return self.html.count('<span class="footnote"')


def compose(document: Document) -> Composed:
    """Write the document as HTML and CSS.

    Raises:
        ExportError: a section holds something that may not be printed.
    """
    parts = list(_parts(document))
    groups = _by_rule(document.decisions)
    environment = _environment()
    words = {
        "document": document,
        "furniture": document.furniture,
        "is_draft": document.status is Status.DRAFT,
    }
    sheets = [(HERE / "styles" / f"{name}.css").read_text() for name in STYLES]
    sheets.append(environment.get_template("furniture.css").render(words))
    drawings = {"cover.svg": (HERE / "styles" / "cover.svg").read_text()}
    if words["is_draft"]:
        drawing = environment.get_template("draft.svg")
        path = outline(document.furniture.draft)
        for name, color, opacity in _WATERMARKS:
            drawings[name] = drawing.render(path=path, color=color, opacity=opacity)
    return Composed(
        environment.get_template("report.html").render(
            words, parts=parts, groups=groups
        ),
        "\n".join(sheets),
        drawings,
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(["html", "svg"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["set_as"] = set_as
    environment.filters["css_string"] = css_string
    environment.filters["page_number"] = page_number
    environment.filters["pattern"] = fill
    return environment


def css_string(text: str) -> str:
    """Return the text as a CSS string, with characters that could end it escaped."""
    safe = re.sub(r"[^A-Za-z0-9 ]", lambda match: f"\\{ord(match.group()):x} ", text)
    return f'"{safe}"'


def page_number(pattern: str) -> str:
    """Return the CSS content of a page number from a pattern such as "{page} of {pages}"."""
    pieces = re.split(r"\{(pages?)\}", pattern)
    return " ".join(
        f"counter({piece})" if index % 2 else css_string(piece)
        for index, piece in enumerate(pieces)
    )


def fill(pattern: str, **values: object) -> str:
    """Put values into a translated pattern's ``{name}`` places."""
    for name, value in values.items():
        pattern = pattern.replace(f"{{{name}}}", str(value))
    return pattern


def _by_rule(decisions: Iterable[Decision]) -> list[list[Decision]]:
    """Group ballots by rule, in the order in which each rule first occurs."""
    groups: dict[str, list[Decision]] = {}
    for decision in decisions:
        groups.setdefault(decision.rule, []).append(decision)
    return list(groups.values())


def _parts(document: Document) -> Iterator[Part]:
    """Yield the parts in order; neighboring recommendations share one."""
    writers = _Writers(document)
    for is_recommendation, run in groupby(
        document.sections, key=lambda each: each.kind is Kind.RECOMMENDATION
    ):
        if is_recommendation:
            yield writers.recommendations(list(run))
        else:
            yield from (writers.part(section) for section in run)


class _Writers:
    """Writes the sections of one document; counts its figures and knows its anchors."""

    def __init__(self, document: Document) -> None:
        self._furniture = document.furniture
        self._anchors = {
            section.key: f"s{number}"
            for number, section in enumerate(document.sections, 1)
        }
        self._images = assets.addresses(document)
        self._figures = count(1)
        self._runs = count(1)

    def part(self, section: Section) -> Part:
        writer = self._writer(section, depth=1)
        text = writer.write(section.blocks)
        words = {
            Kind.CHAPTER: self._furniture.chapter,
            Kind.APPENDIX: self._furniture.appendix,
        }
        word = words.get(section.kind, "")
        return Part(
            anchor=self._anchors[section.key],
            label=f"{word} {section.number}" if word and section.number else "",
            number=section.number,
            title=section.title,
            section=section,
            text=text,
            headings=tuple(
                heading for heading in writer.headings if heading.depth == _LISTED_DEPTH
            ),
        )

    def recommendations(self, sections: list[Section]) -> Part:
        boxes = tuple(self._box(section) for section in sections)
        return Part(
            anchor=f"recommendations-{next(self._runs)}",
            label="",
            number="",
            title=self._furniture.recommendations,
            boxes=boxes,
        )

    def _box(self, section: Section) -> Box:
        writer = self._writer(section, depth=2)
        blocks = section.blocks
        # The first paragraph is the action and stands in the box; the reasons follow.
        first = 1 if blocks and blocks[0].get("type") == "paragraph" else 0
        return Box(
            anchor=self._anchors[section.key],
            section=section,
            action=writer.write(blocks[:first]),
            text=writer.write(blocks[first:]),
        )

    def _writer(self, section: Section, *, depth: int) -> BlockWriter:
        return BlockWriter(
            section.title,
            anchor=self._anchors[section.key],
            depth=depth,
            targets=self._anchors,
            images=self._images,
            figure=lambda: fill(
                self._furniture.figure_pattern, number=next(self._figures)
            ),
            credit=self._furniture.credit,
        )
