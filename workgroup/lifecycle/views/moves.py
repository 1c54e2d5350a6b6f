"""What an organizer does with a section: freeze it, open a ballot, close it, reopen."""

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workgroup import clock
from workgroup.cohorts.access import allow
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission
from workgroup.database import db, writing
from workgroup.deciding import labels
from workgroup.deciding import queries as ballots
from workgroup.deciding.rules import PRESETS
from workgroup.drafting import queries as drafting
from workgroup.drafting.labels import wrong_state
from workgroup.drafting.models import Section
from workgroup.drafting.states import (
    Move,
    SectionState,
    WrongStateError,
    moves_from,
)
from workgroup.i18n import moment, reader_zone, zone_name
from workgroup.lifecycle import flow
from workgroup.lifecycle.forms import OpenForm, ReopenForm
from workgroup.lifecycle.views.blueprint import bp
from workgroup.sending.request import do_once, press_once
from workgroup.textlog.ahead import ReadAhead, read_ahead
from workgroup.web import or_404, refusals_shown_in

# The closing time that the form proposes is this much later.
USUAL_TIME = timedelta(days=7)
USUAL_HOUR = 18  # and at this hour, in the organizer's zone


@bp.post("/c/<slug>/sections/<int:section_id>/freeze")
@allow(Permission.ORGANIZE)
def freeze(member: Membership, section_id: int) -> ResponseReturnValue:
    """Freeze a draft to its next version."""
    section = or_404(drafting.find_section(member.cohort_id, section_id))
    with read_ahead(section.stream_id) as text, writing():
        press_once(
            lambda: flow.freeze(section, member, text),
            stands=lambda: not _is_draft(section),
        )
        db.session.commit()
    version = or_404(drafting.latest_version(section_id))
    flash(_("Frozen as version %(number)s.", number=version.number), "ok")
    return redirect(_workspace(member, section_id), 303)


@bp.route("/c/<slug>/sections/<int:section_id>/open", methods=["GET", "POST"])
@allow(Permission.ORGANIZE)
def open_ballot(member: Membership, section_id: int) -> ResponseReturnValue:
    """Ask for closing time and rule, and open a ballot."""
    section = or_404(drafting.find_section(member.cohort_id, section_id))
    form = OpenForm(zone=reader_zone(), data={"closes_at": _usual_close()})
    if not form.validate_on_submit():
        if not form.is_submitted():
            _refuse_unless(section, Move.FREEZE, Move.OPEN)
        return _open_page(member, section, form), 422 if form.errors else 200
    with _text_of(section) as text, refusals_shown_in(form) as refused:
        terms, seen = (form.rule(), form.closing(), text), form.version.data
        ballot_id = do_once(
            lambda: flow.put_to_vote(section, member, *terms, seen=seen),
            stands=lambda made: _is_running(member, made),
        )
    if refused:  # what was typed stays on the page
        section = or_404(drafting.find_section(member.cohort_id, section_id))
        return _open_page(member, section, form, as_it_is_now=True), 409
    db.session.commit()
    _flash_closing_time(form)
    return redirect(_ballot(member, ballot_id), 303)


@bp.post("/c/<slug>/ballots/<int:ballot_id>/close")
@allow(Permission.ORGANIZE)
def close(member: Membership, ballot_id: int) -> ResponseReturnValue:
    """Close a ballot before its time and count it."""
    ballot = or_404(ballots.find_ballot(member.cohort_id, ballot_id))
    with writing():
        press_once(
            lambda: flow.close(ballot, by=member),
            stands=lambda: True,  # a result is for good
        )
        db.session.commit()
    # Another press may have closed it since this one read it.
    db.session.refresh(ballot, ["outcome"])
    outcome = labels.outcome_label(or_404(ballot.outcome))
    flash(_("Closed and counted: %(outcome)s.", outcome=outcome), "ok")
    return redirect(_ballot(member, ballot_id), 303)


@bp.route("/c/<slug>/sections/<int:section_id>/reopen", methods=["GET", "POST"])
@allow(Permission.ORGANIZE)
def reopen(member: Membership, section_id: int) -> ResponseReturnValue:
    """Make a section a draft again; the members see the reason."""
    section = or_404(drafting.find_section(member.cohort_id, section_id))
    form = ReopenForm()
    if not form.validate_on_submit():
        if not form.is_submitted():
            _refuse_unless(section, Move.REOPEN)
        return _reopen_page(member, section, form), 422 if form.errors else 200
    reason, seen = form.reason.data, form.seen.data or ""
    with refusals_shown_in(form) as refused:
        do_once(
            lambda: flow.reopen(section, member, reason, seen=seen),
            stands=lambda _made: _is_draft(section),
        )
    if refused:
        section = or_404(drafting.find_section(member.cohort_id, section_id))
        return _reopen_page(member, section, form, as_it_is_now=True), 409
    db.session.commit()
    flash(_("The section is a draft again and can be edited."), "ok")
    return redirect(_workspace(member, section_id), 303)


def _text_of(section: Section) -> AbstractContextManager[ReadAhead | None]:
    """Read a draft's text before anything is locked; in other states it is frozen already."""
    is_draft = section.state is SectionState.DRAFT
    return read_ahead(section.stream_id) if is_draft else nullcontext()


def _is_draft(section: Section) -> bool:
    # The page read it before this block, so it may be out of date.
    drafting.lock_section(section)
    return section.state is SectionState.DRAFT


def _is_running(member: Membership, ballot_id: int) -> bool:
    ballot = ballots.find_ballot(member.cohort_id, ballot_id)
    return ballot is not None and not ballot.has_ended


def _refuse_unless(section: Section, *moves: Move) -> None:
    """Refuse to show the form of a move that the section's state does not allow."""
    if not set(moves) & set(moves_from(section.state)):
        raise WrongStateError(wrong_state(moves[-1], section.state))


def _open_page(
    member: Membership, section: Section, form: OpenForm, *, as_it_is_now: bool = False
) -> str:
    is_draft = section.state is SectionState.DRAFT
    version = None if is_draft else drafting.latest_version(section.id)
    if as_it_is_now or not form.is_submitted():
        form.version.raw_data = None  # else the field shows what was sent
        form.version.data = version.number if version else None
    return render_template(
        "lifecycle/open_ballot.html",
        version=version,
        member=member,
        section=section,
        form=form,
        zone=form.zone.key,
        zone_name=zone_name(clock.now().astimezone(form.zone)),
        rules={preset: labels.rule_sentences(rule) for preset, rule in PRESETS.items()},
    )


def _reopen_page(
    member: Membership,
    section: Section,
    form: ReopenForm,
    *,
    as_it_is_now: bool = False,
) -> str:
    if as_it_is_now or not form.is_submitted():
        form.seen.data = flow.standing(section)
    return render_template(
        "lifecycle/reopen.html",
        member=member,
        section=section,
        form=form,
        ballot=ballots.find_open_ballot(section.id),
    )


def _usual_close() -> datetime:
    later = clock.now().astimezone(reader_zone()) + USUAL_TIME
    return later.replace(hour=USUAL_HOUR, minute=0, second=0, tzinfo=None)


def _flash_closing_time(form: OpenForm) -> None:
    until = moment(form.closing())
    flash(_("The ballot is open until %(until)s.", until=until), "ok")
    if clock.comes_twice(form.closes_at.data, form.zone):
        words = _(
            "The clocks go back at that hour, so this time occurs twice. The ballot closes the first time it occurs."
        )
        flash(words, "warn")


def _ballot(member: Membership, ballot_id: int) -> str:
    return url_for("deciding.show", slug=member.cohort.slug, ballot_id=ballot_id)


def _workspace(member: Membership, section_id: int) -> str:
    slug = member.cohort.slug
    return url_for("lifecycle.workspace", slug=slug, section_id=section_id)
