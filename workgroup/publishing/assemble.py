"""From a report's sections and decisions to the Document that is printed."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from exports.characters import script_language
from exports.document import (
    Count,
    Decision,
    Delegation,
    Document,
    Kind,
    Line,
    Member,
    NativeName,
    State,
    Status,
)
from exports.document import Section as PrintedSection
from exports.document import Version as PrintedVersion
from workgroup.cohorts import queries as cohorts
from workgroup.cohorts.attribution import Mode, Surface
from workgroup.cohorts.models import Cohort, Membership
from workgroup.cohorts.naming import Naming
from workgroup.cohorts.roles import Role
from workgroup.deciding import queries as deciding
from workgroup.deciding.labels import outcome_label, rule_sentences
from workgroup.deciding.models import Ballot
from workgroup.deciding.results import count
from workgroup.deciding.rules import Outcome
from workgroup.drafting.canonical import canonical_form
from workgroup.drafting.labels import numbered as numbered_label
from workgroup.drafting.labels import state_label
from workgroup.drafting.models import Report, Section, Version
from workgroup.drafting.numbering import numbers
from workgroup.drafting.states import DECIDED, SectionKind, SectionState
from workgroup.publishing import labels, queries
from workgroup.text import is_visible
from workgroup.textlog.documents import PATIENT_WAIT, UnreadableTextError, read_document


class UnreadableSectionError(Exception):
    """A draft cannot be read, or what was frozen is no longer what is stored.

    Args:
        title: the section's.
        code: of the failure.
    """

    def __init__(self, title: str, code: str) -> None:
        super().__init__(title)
        self.title = title
        self.code = code


def assemble(report: Report, cohort: Cohort, at: datetime) -> Document:
    """Gather everything that is printed; the cover's date is that of ``at`` in its zone.

    Takes seven queries, whatever the report's size, and about 150 ms for each section that is
    still a draft, to read its log.

    Raises:
        UnreadableSectionError: a draft cannot be read right now, or a version was altered.
    """
    sections = queries.sections(report.id)
    # Rejected sections count too, although they are left out: so a number means the same in every
    # draft, in the record of votes and on the site.
    given = numbers(section.kind for section in sections)
    numbered = {
        section.id: number for section, number in zip(sections, given, strict=True)
    }
    return Document(
        # Of the labels, which a job without a reader writes in the fallback language; passages in
        # other languages carry their own.
        language="en",
        title=report.title,
        subtitle=report.subtitle,
        body=cohort.name,
        date=format_date(at.date(), "long"),
        status=Status.FINAL if is_final(sections) else Status.DRAFT,
        imprint=tuple(_imprint(report)),
        opinions_notice=labels.opinions_notice(),
        invented_notice=cohort.notice,
        sections=tuple(_sections(report, sections, numbered)),
        decisions=tuple(_decisions(cohort.id, numbered)),
        delegations=tuple(_delegations(cohort)),
        furniture=labels.furniture(),
        assets=(),
        # In UTC: the file may go to everybody, who need not learn in which zone it was made.
        created=at.astimezone(UTC).isoformat(timespec="seconds"),
    )


def is_final(sections: Iterable[Section]) -> bool:
    """Return whether every section is adopted or rejected, and there is one."""
    states = {section.state for section in sections}
    return bool(states) and states <= DECIDED


def _imprint(report: Report) -> Iterator[Line]:
    for name, label in labels.imprint_labels().items():
        if is_visible(text := getattr(report, name)):
            yield Line(label=label, text=text.strip())


def _sections(
    report: Report, sections: Iterable[Section], numbered: dict[int, str]
) -> Iterator[PrintedSection]:
    versions = queries.newest_versions(report.id)
    has_summary = False
    for section in sections:
        if section.state is SectionState.REJECTED:
            continue
        # The first front matter that is printed: there is no kind of section for a summary.
        is_summary = section.kind is SectionKind.FRONT and not has_summary
        has_summary = has_summary or is_summary
        is_draft = section.state is SectionState.DRAFT
        # What is decided or voted on is printed from its version, so that a PDF can hold no other
        # words than those whose hash it prints.
        version = None if is_draft else versions[section.id]
        if version and not version.is_whole:
            raise UnreadableSectionError(section.title, "altered")
        form = version.form if version else _draft(section)
        yield PrintedSection(
            key=str(section.id),
            kind=Kind(section.kind.value),
            number=numbered[section.id],
            title=form["title"],
            state=State(key=section.state.value, label=state_label(section.state)),
            version=_version(version) if version else None,
            addressees=form.get("addressees", ""),
            horizon=form.get("horizon", ""),
            summary=is_summary,
            blocks=tuple(form["blocks"]),
        )


def _draft(section: Section) -> dict[str, Any]:
    # A job may wait for its turn much longer than a page, and one text that cannot be read stops
    # the export: a report with a gap would look whole.
    try:
        document = read_document(section.stream, wait=PATIENT_WAIT)
    except UnreadableTextError as error:
        code = "too-long" if error.is_too_long else "unreadable"
        raise UnreadableSectionError(section.title, code) from error
    return canonical_form(
        document,
        kind=section.kind,
        title=section.title,
        addressees=section.addressees,
        horizon=section.horizon,
    )


def _version(version: Version) -> PrintedVersion:
    return PrintedVersion(number=version.number, short_hash=version.short_hash)


def _decisions(cohort_id: int, numbered: dict[int, str]) -> Iterator[Decision]:
    ballots = deciding.ballots_with_votes(cohort_id)
    # The order is that of time, so the last one wins. An earlier one rejected a version that was
    # reopened since, and left nothing out.
    last = {ballot.version.section_id: ballot.id for ballot in ballots}
    for ballot in ballots:
        section = ballot.version.section
        is_last = last[section.id] == ballot.id
        left_out = is_last and section.state is SectionState.REJECTED
        outcome = outcome_label(ballot.outcome) if ballot.outcome else ""
        yield Decision(
            label=numbered_label(section.kind, numbered[section.id])
            if numbered[section.id]
            else "",
            # As it was voted on; the section may be called otherwise now.
            title=ballot.version.title,
            version=_version(ballot.version),
            rule=" ".join(rule_sentences(ballot.rule)),
            counts=tuple(_counts(ballot)),
            outcome=_("%(outcome)s; left out of the report", outcome=outcome)
            if left_out
            else outcome,
            is_adopted=ballot.outcome is Outcome.ADOPTED,
        )


def _counts(ballot: Ballot) -> Iterator[Count]:
    counted = count(ballot, ballot.votes).delegations
    # From the electors, who keep the delegation that they had when the ballot opened.
    delegations = {each.delegation.code: each.delegation for each in ballot.electors}
    for delegation in sorted(delegations.values(), key=lambda each: each.position):
        found = counted[delegation.code]
        yield Count(
            delegation=delegation.name,
            votes_for=found.supporters,
            against=found.opponents,
            abstained=found.abstained,
            not_voted=found.missing,
        )


def _delegations(cohort: Cohort) -> Iterator[Delegation]:
    """Gather the list of members, with as much of it as the cohort prints."""
    # For nobody in particular: a file is passed on, so it has no reader who may see more.
    naming = Naming.of(cohort, None)
    mode = naming.mode(Surface.PRINT)
    if mode is Mode.NONE:
        return
    people = cohorts.people(cohort.id)
    members = [each for each in people if Role.MEMBER in each.roles and each.delegation]
    # They come in the order of delegations, so each delegation is one group.
    for _place, group in groupby(members, key=lambda each: each.delegation_id):
        those = list(group)
        if delegation := those[0].delegation:
            named = tuple(_member(each, naming) for each in those)
            printed = named if mode is Mode.NAMED else (_counted(len(those)),)
            yield Delegation(name=delegation.name, members=printed)


def _counted(number: int) -> Member:
    words = ngettext("%(num)d member", "%(num)d members", number)
    return Member(name=words, native_name=None, affiliation="")


def _member(membership: Membership, naming: Naming) -> Member:
    shown = naming.shown(membership, Surface.PRINT)
    other = naming.other_form(membership)
    native = None
    if other:
        # Without a language a screen reader would spell it as English; "und" is undetermined.
        known = membership.user.native_language or script_language(other.text)
        native = NativeName(text=other.text, lang=known or "und")
    return Member(
        name=shown.text,
        native_name=native,
        affiliation=membership.user.affiliation,
    )
