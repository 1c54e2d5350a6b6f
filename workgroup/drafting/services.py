"""What can be done with a section's text: freeze it, move it on, reopen it.

Services change; entry points commit. Every move raises the revision of the section's
stream, so that editors and pages see it, and is written to the audit log.
"""

from flask_babel import gettext as _

from workgroup import bus, clock
from workgroup.audit import services as audit
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.drafting import queries
from workgroup.drafting.canonical import canonical_form, sha256, word_count
from workgroup.drafting.labels import wrong_state
from workgroup.drafting.models import Section, Version
from workgroup.drafting.states import STEPS, Move
from workgroup.errors import DomainError
from workgroup.textlog import services as textlog
from workgroup.textlog.models import Stream
from workgroup.textlog.reading import read_document

HASHED = ("kind", "title", "addressees", "horizon")  # fields that stand in the hash
MAX_REASON = 500  # characters


class WrongStateError(DomainError):
    """The section stands where the table of states has no such move."""


class ReasonMissingError(DomainError):
    """A reopening came without its reason."""


def freeze(section: Section, by: Membership) -> Version:
    """Freeze the text to the section's next version, in the running transaction.

    The statement that stops the typing also says which update is the last one in.

    Raises:
        WrongStateError: the section is no draft.
        UnreadableTextError: the log could not be read; nothing is frozen.
    """
    _step(section, Move.FREEZE)
    stream = _stream(section)
    last = textlog.freeze(stream, by=by.user.name)
    before = queries.latest_version(section.id)
    form = canonical_form(
        read_document(stream, last),
        kind=section.kind,
        title=section.title,
        addressees=section.addressees,
        horizon=section.horizon,
    )
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
    _record(section, "section.frozen", by)
    return version


def move(section: Section, step: Move, by: Membership | None = None) -> None:
    """Move a section on: a ballot opened on it, or closed with this outcome.

    Args:
        section: the section, whose text stays as it is.
        step: what happened; a freeze and a reopening have their own functions.
        by: who did it; none for the worker at a deadline.

    Raises:
        WrongStateError: the section does not stand where this is possible.
        ValueError: a freeze or a reopening, which also touch the text.
    """
    if step in (Move.FREEZE, Move.REOPEN):
        raise ValueError(f"{step} changes the text")
    _step(section, step)
    bus.raise_revision(bus.stream_topic(section.stream_id))
    _record(section, f"section.{STEPS[step].target}", by)


def reopen(section: Section, by: Membership, reason: str) -> None:
    """Make a section a draft again; its versions and their ballots stay readable.

    Raises:
        WrongStateError: it is a draft already.
        ReasonMissingError: no reason was given.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissingError(_("Say why, so that the others understand it."))
    _step(section, Move.REOPEN)
    section.state_reason = reason[:MAX_REASON]
    textlog.thaw(_stream(section))
    _record(section, "section.reopened", by)


def lock(section: Section) -> None:
    """Read a section anew and keep others from changing it until the transaction ends."""
    db.session.flush()  # a refresh forgets what is not yet written
    db.session.refresh(section, ["state", "position", *HASHED], with_for_update=True)


def _step(section: Section, step: Move) -> None:
    lock(section)
    row = STEPS[step]
    if section.state not in row.sources:
        raise WrongStateError(wrong_state(step, section.state))
    section.state = row.target
    db.session.flush()


def _stream(section: Section) -> Stream:
    return db.session.get_one(Stream, section.stream_id)


def _record(section: Section, action: str, by: Membership | None) -> None:
    audit.record(
        f"person:{by.user_id}" if by else "system",
        action,
        f"section:{section.id}",
        cohort_id=queries.cohort_of(section.report_id),
    )
