"""How a cohort names people, and the log in which its organizers find who did what."""

from datetime import UTC, datetime, timedelta

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workgroup import clock
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.cohorts import promises
from workgroup.cohorts.access import allow
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission
from workgroup.database import db, writing
from workgroup.lifecycle import history, queries
from workgroup.lifecycle.forms import NamesForm
from workgroup.lifecycle.views.blueprint import bp
from workgroup.web import refusals_shown_in

OPEN_LOG = "open_log"  # in the session: whose log of which cohort, and until when
OPEN_FOR = timedelta(minutes=10)


@bp.route("/c/<slug>/setup/names", methods=["GET", "POST"])
@allow(Permission.ORGANIZE)
def names(member: Membership) -> ResponseReturnValue:
    """Decide how each surface names people; all members are notified."""
    form = NamesForm(obj=member.cohort, shared=member.cohort)
    if not form.validate_on_submit():
        return _names_page(member, form, 422 if form.errors else 200)
    with refusals_shown_in(form) as refused:
        promises.lock(member.cohort)
        form.refuse_changed(member.cohort)
        changed = promises.set_modes(member, form.chosen, queries.surfaces_in_use)
    if refused:
        return _names_page(member, form, 409)
    db.session.commit()
    flash(_("Saved. All members are notified.") if changed else _("Saved."))
    return redirect(url_for("cohorts.setup", slug=member.cohort.slug), code=303)


def _names_page(
    member: Membership, form: NamesForm, status: int
) -> ResponseReturnValue:
    page = render_template("lifecycle/names.html", member=member, form=form)
    return page, status


@bp.get("/c/<slug>/log")
@allow(Permission.ORGANIZE)
def who_did_what(member: Membership) -> ResponseReturnValue:
    """Show what has happened and who did it, for some minutes after the log was opened."""
    if not _is_open(member):
        return render_template("lifecycle/log.html", member=member, shown_until=None)
    before = request.args.get("before", type=int)
    return render_template(
        "lifecycle/log.html",
        member=member,
        shown_until=session[OPEN_LOG]["until"],
        log=history.page(member, _within(before)),
    )


@bp.post("/c/<slug>/log")
@allow(Permission.ORGANIZE)
def open_log(member: Membership) -> ResponseReturnValue:
    """Record that an organizer views the log, then show it."""
    with writing():
        acts.note(
            Act.AUDIT_LOG_VIEWED,
            member.cohort_id,
            by=member.user_id,
            cohort_id=member.cohort_id,
        )
        db.session.commit()
    until = clock.now() + OPEN_FOR
    session[OPEN_LOG] = {"member": member.id, "until": until.timestamp()}
    return redirect(url_for(".who_did_what", slug=member.cohort.slug), code=303)


def _is_open(member: Membership) -> bool:
    opened = session.get(OPEN_LOG) or {}
    if opened.get("member") != member.id:
        return False
    return clock.now() < datetime.fromtimestamp(opened["until"], UTC)


def _within(number: int | None) -> int | None:
    return None if number is None else min(max(number, 0), 2**31 - 1)
