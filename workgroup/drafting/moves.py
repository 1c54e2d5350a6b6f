"""The moves of a section: freeze, move on with its ballot, reopen.

Only ``lifecycle.flow`` calls them, so that a click, the worker at a deadline and a command do
the same; an import contract enforces that. Services change; entry points commit.
"""

from flask_babel import gettext as _

from workgroup import clock
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.cohorts import promises
from workgroup.cohorts.attribution import Trace
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.drafting import printable, queries
from workgroup.drafting.canonical import canonical_form, sha256, word_count
from workgroup.drafting.labels import wrong_state
from workgroup.drafting.models import Section, Version
from workgroup.drafting.states import STEPS, Move, SectionState, WrongStateError
from workgroup.errors import DomainError
from workgroup.text import is_visible
from workgroup.textlog import services as textlog
from workgroup.textlog.ahead import ReadAhead
from workgroup.textlog.documents import (
    PATIENT_WAIT,
    Json,
    UnreadableTextError,
    read_document,
)
from workgroup.textlog.models import Stream

MAX_REASON = 500  # characters
MOVED_TO = {
    SectionState.IN_BALLOT: Act.SECTION_IN_BALLOT,
    SectionState.ADOPTED: Act.SECTION_ADOPTED,
    SectionState.REJECTED: Act.SECTION_REJECTED,
}


class ReasonMissingError(DomainError):
    """A section was to be reopened without a reason."""


def freeze(section: Section, by: Membership, text: ReadAhead | None = None) -> Version:
    """Freeze the text as the section's next version, in the current transaction.

    The statement that stops the typing also returns the last update that came in before, so
    the version holds every word that was acknowledged, and no other.

    Args:
        section: a draft.
        by: the organizer.
        text: the section's text, read before this transaction took its locks. If left out,
            it is read here, and everybody else's saves wait for that.

    Raises:
        MoreNamesError: versions show more of the organizer's name than they did.
        WrongStateError: the section is no draft.
        TooMuchError: the report could not be printed with it; nothing is frozen.
        UnreadableTextError: the log could not be read; nothing is frozen.
    """
    promises.keep(by, Trace.VERSION)
    queries.lock_order(section.report_id)
    _step(section, Move.FREEZE)
    stream = _stream(section)
    last = textlog.freeze(stream, by=by.user_id)
    before = queries.latest_version(section.id)
    form = _form(section, _read(stream, last, text))
    printable.keep(section, form)
    version = Version(
        section=section,
        number=before.number + 1 if before else 1,
        epoch=stream.epoch,
        seq=last,
        canonical=form,
        sha256=sha256(form),
        words=word_count(form["blocks"]),
        frozen_at=clock.now(),
        frozen_by=by,
    )
    db.session.add(version)
    db.session.flush()
    _note(Act.SECTION_FROZEN, section, by)
    return version


def move(section: Section, step: Move, by: Membership | None) -> None:
    """Move a section on, because a ballot was opened on it or closed with an outcome.

    Args:
        section: the section, whose text stays as it is.
        step: what happened; a freeze and a reopening have their own functions.
        by: who did it; none for the worker at a deadline.

    Raises:
        WrongStateError: the section's state does not allow this.
        ValueError: a freeze or a reopening, which also touch the text.
    """
    if step in (Move.FREEZE, Move.REOPEN):
        raise ValueError(f"{step} changes the text")
    _step(section, step)
    _note(MOVED_TO[section.state], section, by)


def reopen(section: Section, by: Membership, reason: str) -> None:
    """Make a section a draft again; its versions and their ballots stay readable.

    Raises:
        WrongStateError: it is a draft already.
        ReasonMissingError: no reason was given.
    """
    if not is_visible(reason):
        raise ReasonMissingError(_("Give a reason, so that the others understand why."))
    _step(section, Move.REOPEN)
    section.state_reason = reason.strip()[:MAX_REASON]
    textlog.thaw(_stream(section))
    _note(Act.SECTION_REOPENED, section, by)


def _step(section: Section, step: Move) -> None:
    queries.lock_section(section)
    row = STEPS[step]
    if section.state not in row.sources:
        raise WrongStateError(wrong_state(step, section.state))
    section.state = row.target


def _read(stream: Stream, last: int, text: ReadAhead | None) -> Json:
    if text is None:
        return read_document(stream, last, wait=PATIENT_WAIT)
    if text.epoch != stream.epoch:
        raise UnreadableTextError("the text was restored meanwhile")
    return text.document(last)


def _form(section: Section, document: Json) -> Json:
    return canonical_form(
        document,
        kind=section.kind,
        title=section.title,
        addressees=section.addressees,
        horizon=section.horizon,
    )


def _stream(section: Section) -> Stream:
    return db.session.get_one(Stream, section.stream_id)


def _note(act: Act, section: Section, by: Membership | None) -> None:
    acts.note(
        act,
        section.id,
        by=by.user_id if by else None,
        cohort_id=queries.cohort_of(section.report_id),
        stream_id=section.stream_id,
    )
