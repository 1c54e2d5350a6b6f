"""The page where a section is read, written, discussed and put to the vote."""

from flask import render_template
from flask.typing import ResponseReturnValue

from workgroup.cohorts.access import allow
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission
from workgroup.drafting import policies
from workgroup.drafting import queries as drafting
from workgroup.drafting.labels import rendered_labels
from workgroup.lifecycle.desk import lay_out
from workgroup.lifecycle.views.blueprint import bp
from workgroup.web import or_404


@bp.get("/c/<slug>/sections/<int:section_id>/")
@allow(Permission.READ)
def workspace(member: Membership, section_id: int) -> ResponseReturnValue:
    """Show the section: its text, where it stands, who says what about it."""
    section = or_404(drafting.find_section(member.cohort_id, section_id))
    return render_template(
        "lifecycle/workspace.html",
        member=member,
        section=section,
        desk=lay_out(section, rendered_labels()),
        may_write=policies.can_write(member),
        may_arrange=policies.can_arrange(member),
    )
