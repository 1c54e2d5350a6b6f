"""The page where a section is read, written, discussed and put to the vote."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workgroup.cohorts.access import allow
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission
from workgroup.discussion import rail
from workgroup.drafting import policies
from workgroup.drafting import queries as drafting
from workgroup.drafting.labels import rendered_labels
from workgroup.drafting.states import moves_from
from workgroup.lifecycle.desk import find_standing, lay_out, text_mark
from workgroup.lifecycle.editor_words import editor_words
from workgroup.lifecycle.views.blueprint import bp
from workgroup.textlog import queries as textlog
from workgroup.textlog import schema
from workgroup.web import or_404


@bp.get("/c/<slug>/sections/<int:section_id>/")
@allow(Permission.READ)
def workspace(member: Membership, section_id: int) -> ResponseReturnValue:
    """Show the section: its text, its state, its threads."""
    section = or_404(drafting.find_section(member.cohort_id, section_id))
    may_write = policies.can_write(member)
    return render_template(
        "lifecycle/workspace.html",
        member=member,
        section=section,
        desk=lay_out(section, member, rendered_labels()),
        moves=moves_from(section.state),
        may_write=may_write,
        set_aside=textlog.find_set_aside(section.stream_id) if may_write else None,
        may_arrange=policies.can_arrange(member),
        schema_version=schema.VERSION,
        editor_words=editor_words(),
        **rail.context(member, section, look=not may_write),
    )


@bp.get("/c/<slug>/sections/<int:section_id>/standing")
@allow(Permission.READ)
def standing(member: Membership, section_id: int) -> ResponseReturnValue:
    """Render the state of the section and its ballot, for an open page that asks again."""
    section = or_404(drafting.find_section(member.cohort_id, section_id))
    return render_template(
        "lifecycle/workspace/changed.html",
        member=member,
        section=section,
        desk=find_standing(section, member),
        moves=moves_from(section.state),
        may_write=policies.can_write(member),
        may_arrange=policies.can_arrange(member),
    )


@bp.get("/c/<slug>/sections/<int:section_id>/text")
@allow(Permission.READ)
def text(member: Membership, section_id: int) -> ResponseReturnValue:
    """Render the text for a reader without the editor, if it has changed."""
    section = or_404(drafting.find_section(member.cohort_id, section_id))
    if request.args.get("seen") == text_mark(section):
        return "", 204
    return render_template(
        "lifecycle/workspace/text.html",
        slug=member.cohort.slug,
        section=section,
        desk=lay_out(section, member, rendered_labels()),
        may_write=policies.can_write(member),
    )
