"""The first pages: one's cohorts, the form for a new cohort, and a cohort's overview."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workgroup import clock
from workgroup.accounts import queries as accounts
from workgroup.cohorts import labels as cohort_labels
from workgroup.cohorts import policies
from workgroup.cohorts import queries as cohorts
from workgroup.cohorts.access import allow
from workgroup.cohorts.forms import FoundForm
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission
from workgroup.cohorts.services import Plan
from workgroup.database import db
from workgroup.drafting import queries as drafting
from workgroup.lifecycle import flow, progress, queries
from workgroup.lifecycle.views.blueprint import bp
from workgroup.sending.request import do_once
from workgroup.web import or_404, refusals_shown_in, require, signed_in


@bp.get("/")
@signed_in
def start() -> ResponseReturnValue:
    """Show one's cohorts; someone in a single cohort goes straight to it."""
    memberships = cohorts.memberships_of(current_user.id)
    if len(memberships) == 1 and not policies.can_found(current_user):
        return redirect(url_for(".home", slug=memberships[0].cohort.slug))
    return render_template(
        "lifecycle/start.html", memberships=memberships, roles=cohort_labels.ROLES
    )


@bp.route("/cohorts/new", methods=["GET", "POST"])
@signed_in
def found() -> ResponseReturnValue:
    """Create a cohort with its delegations, subgroups and report."""
    require(policies.can_found(current_user))
    form = FoundForm()
    if not form.validate_on_submit():
        page = render_template("lifecycle/found.html", form=form)
        return page, 422 if form.errors else 200
    founder = or_404(accounts.find_person(current_user.id))
    plan = Plan(
        form.name.data, form.slug.data, form.delegations.filled, form.subgroup_names
    )
    with refusals_shown_in(form) as refused:
        cohort_id = do_once(lambda: flow.found(founder, plan, form.title.data).cohort)
    if refused:
        return render_template("lifecycle/found.html", form=form), 409
    db.session.commit()
    flash(_("The cohort was created. Next, invite people to it."))
    return redirect(
        url_for("cohorts.people", slug=cohorts.slug_of(cohort_id)), code=303
    )


@bp.get("/c/<slug>/")
@allow(Permission.READ)
def home(member: Membership) -> ResponseReturnValue:
    """Show the progress of the cohort and what is waiting for the reader."""
    cohort_id = member.cohort_id
    sections = queries.sections_by_subgroup(cohort_id)
    return render_template(
        "lifecycle/home.html",
        member=member,
        report=drafting.find_report(cohort_id),
        ballots=queries.open_ballots(member, clock.now()),
        answers=queries.answers_to(member),
        whole=progress.together(sections.values()),
        by_subgroup={key: progress.Progress(part) for key, part in sections.items()},
        threads=queries.open_threads_by_subgroup(member),
        subgroups=cohorts.subgroups(cohort_id),
        delegations=cohorts.delegations(cohort_id),
        members=queries.members_of_subgroups(cohort_id),
        counted=cohorts.count_people(cohort_id).by_delegation,
        order=progress.ORDER,
        organizes=member.may(Permission.ORGANIZE),
    )
