"""The tables of the report, its sections and their versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates
from sqlalchemy.types import String

from workgroup.cohorts.models import Membership, Subgroup
from workgroup.database import Model
from workgroup.drafting.canonical import FORMAT, Json, plain_text, read_form, sha256
from workgroup.drafting.states import SectionKind, SectionState
from workgroup.textlog.models import Stream

HASHED = ("kind", "title", "addressees", "horizon")  # what a version's hash covers


class Report(Model):
    """The one document of a cohort: its title page and, by reference, its sections."""

    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    subtitle: Mapped[str] = mapped_column(String(300), default="")
    convener: Mapped[str] = mapped_column(default="")
    funders: Mapped[str] = mapped_column(default="")
    mentors: Mapped[str] = mapped_column(default="")
    staff: Mapped[str] = mapped_column(default="")
    disclaimer: Mapped[str] = mapped_column(default="")


class Section(Model):
    """One ordered part of the report; its draft is a stream."""

    __tablename__ = "sections"
    __table_args__ = (
        UniqueConstraint("report_id", "position"),
        CheckConstraint("position >= 1", name="position_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"))
    stream_id: Mapped[int] = mapped_column(ForeignKey("streams.id"), unique=True)
    kind: Mapped[SectionKind]
    title: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]  # from 1, without gaps; the services keep it so
    subgroup_id: Mapped[int | None] = mapped_column(
        ForeignKey("subgroups.id"), index=True
    )
    state: Mapped[SectionState] = mapped_column(default=SectionState.DRAFT)
    state_reason: Mapped[str] = mapped_column(default="")  # why it was reopened
    # Of recommendations only.
    addressees: Mapped[str] = mapped_column(String(300), default="")
    horizon: Mapped[str] = mapped_column(String(120), default="")

    report: Mapped[Report] = relationship(lazy="raise_on_sql")
    stream: Mapped[Stream] = relationship(lazy="raise_on_sql")
    subgroup: Mapped[Subgroup | None] = relationship(lazy="raise_on_sql")


class Version(Model):
    """A frozen, numbered, hashed copy of a section's text.

    Triggers of the schema refuse to change or delete a row.
    """

    __tablename__ = "versions"
    __table_args__ = (
        UniqueConstraint("section_id", "number"),
        UniqueConstraint("id", "section_id"),  # what a ballot refers to
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("length(sha256) = 64", name="sha256_in_hex"),
        CheckConstraint("format >= 1", name="format_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    number: Mapped[int]  # from 1
    epoch: Mapped[int]  # the stream's, and
    seq: Mapped[int]  # how far into its log this text is
    # What the hash is over. Large, so queries load it only where a text is shown.
    canonical: Mapped[dict[str, Any]] = mapped_column(
        JSON, deferred=True, deferred_raiseload=True
    )
    format: Mapped[int]  # of the canonical form
    title: Mapped[str] = mapped_column(String(200))  # when it was frozen
    text: Mapped[str] = mapped_column(  # the bare words, for search and quotations
        deferred=True, deferred_raiseload=True
    )
    sha256: Mapped[str] = mapped_column(String(64))  # hex
    words: Mapped[int] = mapped_column(default=0)  # so that lists need not load texts
    frozen_at: Mapped[datetime]
    frozen_by_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"))

    section: Mapped[Section] = relationship(lazy="raise_on_sql")
    frozen_by: Mapped[Membership] = relationship(lazy="raise_on_sql")

    @validates("canonical")
    def _keep_words(self, _name: str, form: Json) -> Json:
        """Fill the columns that lists and search read, so that they cannot differ from the form."""
        self.format, self.title = FORMAT, form["title"]
        self.text = plain_text(form.get("blocks", ()))
        return form

    @property
    def form(self) -> Json:
        """The canonical form, in the current format and with every key; its column must be loaded."""
        return read_form(self.canonical, self.format)

    @property
    def is_whole(self) -> bool:
        """Return whether it is what was frozen: its hash is about this text and this title."""
        same_title: bool = self.title == self.canonical["title"]
        return same_title and self.sha256 == sha256(self.canonical)

    @property
    def has_its_words(self) -> bool:
        """Return whether the bare words are those of the text; their column must be loaded."""
        return self.text == plain_text(self.canonical.get("blocks", ()))

    @property
    def short_hash(self) -> str:
        """The first eight digits, as printed."""
        return self.sha256[:8]
