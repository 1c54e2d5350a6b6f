"""The cohort's name, delegations and subgroups, set up by the organizer."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from workgroup.cohorts import labels, queries, services
from workgroup.cohorts.access import allow
from workgroup.cohorts.forms import DelegationForm, NameForm
from workgroup.cohorts.models import Delegation, Membership, Subgroup
from workgroup.cohorts.roles import Permission
from workgroup.cohorts.views.blueprint import bp
from workgroup.database import db, writing
from workgroup.sending.request import do_once, press_once
from workgroup.web import or_404, refusals_shown_in

Part = TypeVar("Part", Delegation, Subgroup)


@bp.get("/c/<slug>/setup")
@allow(Permission.ORGANIZE)
def setup(member: Membership) -> ResponseReturnValue:
    """Show the cohort's name and parts, each with what can be done with it."""
    return render_template(
        "cohorts/setup.html",
        member=member,
        delegations=queries.delegations(member.cohort_id),
        subgroups=queries.subgroups(member.cohort_id),
        surfaces=labels.SURFACES,
        mode_labels=labels.MODES,
    )


@bp.route("/c/<slug>/setup/name", methods=["GET", "POST"])
@allow(Permission.ORGANIZE)
def rename(member: Membership) -> ResponseReturnValue:
    """Rename the cohort."""
    form = NameForm(obj=member.cohort, shared=member.cohort)
    if form.validate_on_submit():
        with refusals_shown_in(form) as refused:
            queries.lock(member.cohort, "name")
            form.refuse_changed(member.cohort)
            services.rename(member, form.name.data)
        if not refused:
            db.session.commit()
            return _saved(member)
    return _part_page(member, form, _("Name of the cohort"))


@bp.route("/c/<slug>/setup/delegations/new", methods=["GET", "POST"])
@allow(Permission.ORGANIZE)
def add_delegation(member: Membership) -> ResponseReturnValue:
    """Add a delegation after the others."""
    form = DelegationForm()
    if form.validate_on_submit():
        with refusals_shown_in(form) as refused:
            do_once(
                lambda: services.add_delegation(member, form.code.data, form.name.data),
                stands=lambda made: queries.find_delegation(member.cohort_id, made),
            )
        if not refused:
            db.session.commit()
            return _saved(member)
    return _part_page(member, form, _("Add a delegation"))


@bp.route("/c/<slug>/setup/delegations/<int:part_id>", methods=["GET", "POST"])
@allow(Permission.ORGANIZE)
def change_delegation(member: Membership, part_id: int) -> ResponseReturnValue:
    """Change a delegation's code or name."""
    delegation = or_404(queries.find_delegation(member.cohort_id, part_id))
    form = DelegationForm(obj=delegation, shared=delegation)
    if form.validate_on_submit():
        with refusals_shown_in(form) as refused:
            queries.lock(delegation, "code", "name")
            form.refuse_changed(delegation)
            services.change_delegation(
                member, delegation, form.code.data, form.name.data
            )
        if not refused:
            db.session.commit()
            return _saved(member)
    return _part_page(member, form, _("Change the delegation"))


@bp.post("/c/<slug>/setup/delegations/<int:part_id>/remove")
@allow(Permission.ORGANIZE)
def remove_delegation(member: Membership, part_id: int) -> ResponseReturnValue:
    """Remove a delegation that nothing refers to."""
    return _remove(member, partial(queries.find_delegation, member.cohort_id, part_id))


@bp.route("/c/<slug>/setup/subgroups/new", methods=["GET", "POST"])
@allow(Permission.ORGANIZE)
def add_subgroup(member: Membership) -> ResponseReturnValue:
    """Add a subgroup after the others."""
    form = NameForm()
    if form.validate_on_submit():
        with refusals_shown_in(form) as refused:
            do_once(
                lambda: services.add_subgroup(member, form.name.data),
                stands=lambda made: queries.find_subgroup(member.cohort_id, made),
            )
        if not refused:
            db.session.commit()
            return _saved(member)
    return _part_page(member, form, _("Add a subgroup"))


@bp.route("/c/<slug>/setup/subgroups/<int:part_id>", methods=["GET", "POST"])
@allow(Permission.ORGANIZE)
def change_subgroup(member: Membership, part_id: int) -> ResponseReturnValue:
    """Rename a subgroup."""
    subgroup = or_404(queries.find_subgroup(member.cohort_id, part_id))
    form = NameForm(obj=subgroup, shared=subgroup)
    if form.validate_on_submit():
        with refusals_shown_in(form) as refused:
            queries.lock(subgroup, "name")
            form.refuse_changed(subgroup)
            services.change_subgroup(member, subgroup, form.name.data)
        if not refused:
            db.session.commit()
            return _saved(member)
    return _part_page(member, form, _("Rename the subgroup"))


@bp.post("/c/<slug>/setup/subgroups/<int:part_id>/remove")
@allow(Permission.ORGANIZE)
def remove_subgroup(member: Membership, part_id: int) -> ResponseReturnValue:
    """Remove a subgroup that nothing refers to."""
    return _remove(member, partial(queries.find_subgroup, member.cohort_id, part_id))


def _remove(member: Membership, find: Callable[[], Part | None]) -> ResponseReturnValue:
    with writing():
        press_once(
            lambda: services.remove_part(member, or_404(find())),
            stands=lambda: find() is None,
        )
        db.session.commit()
    return _saved(member)


def _saved(member: Membership) -> ResponseReturnValue:
    flash(_("Saved."))
    return redirect(url_for(".setup", slug=member.cohort.slug), code=303)


def _part_page(
    member: Membership, form: FlaskForm, heading: str
) -> ResponseReturnValue:
    page = render_template(
        "cohorts/part.html", member=member, form=form, heading=heading
    )
    refused = bool(form.form_errors)
    return page, 409 if refused else 422 if form.errors else 200
