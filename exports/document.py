"""Everything that is printed, as frozen data, without any layout."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from exports import strict


class Status(StrEnum):
    """Final when all is adopted or rejected; a draft says so on every page."""

    FINAL = "final"
    DRAFT = "draft"


class Kind(StrEnum):
    """What a section is in the report."""

    FRONT = "front"
    CHAPTER = "chapter"
    RECOMMENDATION = "recommendation"
    APPENDIX = "appendix"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the imprint: what it is and what it says."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class State:
    """The state of a section: a key for its style, and its label, already translated."""

    key: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Version:
    """The frozen copy that is printed: its number and the short form of its hash."""

    number: int
    short_hash: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the report as it is printed.

    Args:
        key: names the section in cross-references; unique in the document.
        number: as printed, without the word before it; empty for none.
        version: None for a draft that was never frozen.
        summary: set as the executive summary, with the recommendations at a glance.
        blocks: the text in canonical ProseMirror JSON.
    """

    key: str
    kind: Kind
    number: str
    title: str
    state: State
    version: Version | None
    addressees: str
    horizon: str
    summary: bool
    blocks: tuple[dict[str, Any], ...]

    @property
    def is_decided(self) -> bool:
        """Return whether the section's text is adopted."""
        return self.state.key == "adopted"


@dataclass(frozen=True, kw_only=True)
class Count:
    """How the electors of one delegation voted, in numbers of electors."""

    delegation: str
    votes_for: int
    against: int
    abstained: int
    not_voted: int


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One line of the record of votes: a ballot, its rule and outcome in words.

    Args:
        label: the section's kind and number, such as "Chapter 2"; empty for none.
    """

    label: str
    title: str
    version: Version
    rule: str
    counts: tuple[Count, ...]
    outcome: str
    is_adopted: bool


@dataclass(frozen=True, kw_only=True)
class NativeName:
    """A name in its own script and the language of that script."""

    text: str
    lang: str


@dataclass(frozen=True, kw_only=True)
class Member:
    """One member as printed."""

    name: str
    native_name: NativeName | None
    affiliation: str


@dataclass(frozen=True, kw_only=True)
class Delegation:
    """The members of one delegation, in the order in which they are printed."""

    name: str
    members: tuple[Member, ...]


@dataclass(frozen=True, kw_only=True)
class Asset:
    """An image by the name that ``src`` uses, in base 64."""

    name: str
    media_type: str
    data: str


@dataclass(frozen=True, kw_only=True)
class Furniture:
    """Every fixed word of the printed report, already in the report's language.

    A pattern holds its values' names: ``page_pattern`` ``{page}`` and ``{pages}``,
    ``version_pattern`` ``{number}`` and ``{hash}``, ``figure_pattern`` ``{number}``,
    ``abstained_pattern`` and ``not_voted_pattern`` ``{count}``. The rest is printed as
    it stands; ``votes`` says how "4 – 1" is read.
    """

    contents: str
    chapter: str
    appendix: str
    recommendation: str
    recommendations: str
    at_a_glance: str
    addressees: str
    horizon: str
    draft: str
    draft_notice: str
    final: str
    record_of_votes: str
    record_note: str
    rule: str
    section: str
    votes: str
    abstained_pattern: str
    not_voted_pattern: str
    total: str
    outcome: str
    members: str
    members_note: str
    credit: str
    page_pattern: str
    version_pattern: str
    figure_pattern: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """A report that is ready to be set.

    Args:
        language: of the furniture and of all text that names no other, as a BCP 47 tag.
        body: the name of the cohort, as on the cover.
        opinions_notice: printed in the imprint; empty for none.
        invented_notice: states that the people are invented; empty for real ones.
        created: an ISO time with zone; goes into the file's metadata. Empty for none.
    """

    language: str
    title: str
    subtitle: str
    body: str
    date: str
    status: Status
    imprint: tuple[Line, ...]
    opinions_notice: str
    invented_notice: str
    sections: tuple[Section, ...]
    decisions: tuple[Decision, ...]
    delegations: tuple[Delegation, ...]
    furniture: Furniture
    assets: tuple[Asset, ...]
    created: str

    @classmethod
    def from_json(cls, value: Any) -> "Document":  # noqa: ANN401 - parsed JSON
        """Read a Document from parsed JSON.

        Raises:
            ExportError: a key is unknown, missing or of a wrong type; says which.
        """
        return strict.read(cls, value)

    def to_json(self) -> dict[str, Any]:
        """Return what ``from_json`` reads."""
        written: dict[str, Any] = strict.write(self)
        return written
