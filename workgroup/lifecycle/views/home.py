"""Where everybody arrives: one's cohorts, and a cohort's own first page."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from workgroup.cohorts import queries as cohorts
from workgroup.cohorts.access import allow
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission
from workgroup.lifecycle.views.blueprint import bp
from workgroup.web import signed_in


@bp.get("/")
@signed_in
def start() -> ResponseReturnValue:
    """Show one's cohorts; whoever has one alone goes straight to it."""
    memberships = cohorts.memberships_of(current_user.id)
    if len(memberships) == 1 and not current_user.may_found:
        return redirect(url_for(".home", slug=memberships[0].cohort.slug))
    return render_template("lifecycle/start.html", memberships=memberships)


@bp.get("/c/<slug>/")
@allow(Permission.READ)
def home(member: Membership) -> ResponseReturnValue:
    """Show where the cohort stands and what waits for the reader."""
    return render_template("lifecycle/home.html", member=member)
