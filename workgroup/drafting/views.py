"""The report's pages: its outline, its title page, its sections, their versions."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from workgroup.cohorts import queries as cohorts
from workgroup.cohorts.access import allow
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission
from workgroup.database import db, writing
from workgroup.drafting import arranging, labels, policies, queries
from workgroup.drafting.forms import SectionForm, TitlePageForm
from workgroup.drafting.models import Report, Section
from workgroup.drafting.rendering import render
from workgroup.sending.request import do_once, press_once
from workgroup.web import or_404, refusals_shown_in, require

bp = Blueprint("drafting", __name__)

SHIFTS = {"up": -1, "down": 1}


@bp.app_context_processor
def words() -> dict[str, Any]:
    """Pass to every template the words for kinds, states and numbers of sections."""
    return {
        "kind_label": labels.kind_label,
        "numbered": labels.numbered,
        "short_number": labels.short_number,
        "state_label": labels.state_label,
    }


@bp.get("/c/<slug>/report")
@allow(Permission.READ)
def outline(member: Membership) -> ResponseReturnValue:
    """Show the title page and the sections in order, each with its state."""
    report = queries.find_report(member.cohort_id)
    return render_template(
        "drafting/outline.html",
        member=member,
        report=report,
        placed=queries.outline(report.id) if report else [],
        may_arrange=policies.can_arrange(member),
        may_set_title_page=policies.can_set_title_page(member),
    )


@bp.route("/c/<slug>/report/title", methods=["GET", "POST"])
@allow(Permission.PUBLISH)
def title_page(member: Membership) -> ResponseReturnValue:
    """Save the title page; the first time, that creates the report."""
    report = queries.find_report(member.cohort_id)
    require(report is not None or policies.can_arrange(member))
    form = TitlePageForm(obj=report, shared=report)
    if not form.validate_on_submit():
        return _title_page(member, report, form, 422 if form.errors else 200)
    with refusals_shown_in(form) as refused:
        _save_title_page(report, member, form)
    if refused:
        return _title_page(member, report, form, 409)
    db.session.commit()
    flash(_("The title page is saved."), "ok")
    return _to_outline()


@bp.route("/c/<slug>/report/sections/new", methods=["GET", "POST"])
@allow(Permission.ORGANIZE)
def add_section(member: Membership) -> ResponseReturnValue:
    """Add a section at the end of the report."""
    report = or_404(queries.find_report(member.cohort_id))
    form = _section_form(member)
    if not form.validate_on_submit():
        return _section_page(member, form, None, 422 if form.errors else 200)
    with refusals_shown_in(form) as refused:
        do_once(
            lambda: arranging.add_section(report, member, **_fields(form)),
            stands=lambda made: queries.find_section(member.cohort_id, made),
        )
    if refused:
        return _section_page(member, form, None, 409)
    db.session.commit()
    flash(_("“%(title)s” was added.", title=form.title.data), "ok")
    return _to_outline()


@bp.route("/c/<slug>/report/sections/<int:section_id>/edit", methods=["GET", "POST"])
@allow(Permission.ORGANIZE)
def change_section(member: Membership, section_id: int) -> ResponseReturnValue:
    """Change the fields above a section's text."""
    section = or_404(queries.find_section(member.cohort_id, section_id))
    form = _section_form(member, section)
    if not form.validate_on_submit():
        return _section_page(member, form, section, 422 if form.errors else 200)
    with refusals_shown_in(form) as refused:
        queries.lock_section(section)
        form.refuse_changed(section)
        arranging.change_section(section, member, **_fields(form))
    if refused:
        return _section_page(member, form, section, 409)
    db.session.commit()
    flash(_("The section is saved."), "ok")
    return _to_outline()


@bp.post("/c/<slug>/report/sections/<int:section_id>/shift")
@allow(Permission.ORGANIZE)
def shift_section(member: Membership, section_id: int) -> ResponseReturnValue:
    """Move a section one place up or down."""
    section = or_404(queries.find_section(member.cohort_id, section_id))
    places = or_404(SHIFTS.get(request.form.get("direction", "")))
    seen = request.form.get("position", 0, type=int)
    with writing():
        moved = arranging.shift_section(section, member, places, seen=seen)
        db.session.commit()
    if not moved:
        flash(
            _(
                "“%(title)s” had already been moved. This is the order now.",
                title=section.title,
            ),
            "info",
        )
    return _to_outline(f"section-{section_id}")


@bp.post("/c/<slug>/report/sections/<int:section_id>/remove")
@allow(Permission.ORGANIZE)
def remove_section(member: Membership, section_id: int) -> ResponseReturnValue:
    """Remove a section that was never frozen from the report."""

    def find() -> Section | None:
        return queries.find_section(member.cohort_id, section_id)

    seen = request.form.get("written", type=int)
    with writing():
        press_once(
            lambda: arranging.remove_section(or_404(find()), member, seen=seen),
            stands=lambda: find() is None,
        )
        db.session.commit()
    flash(_("The section was removed."), "ok")
    return _to_outline()


@bp.get("/c/<slug>/sections/<int:section_id>/versions/<int:number>")
@allow(Permission.READ)
def version(member: Membership, section_id: int, number: int) -> ResponseReturnValue:
    """Show the frozen text of a version, with its hash, when and by whom."""
    found = or_404(queries.find_version(member.cohort_id, section_id, number))
    return render_template(
        "drafting/version.html",
        member=member,
        version=found,
        number=queries.number_of(found.section),
        text=render(found.form["blocks"], labels=labels.rendered_labels()),
        history=queries.version_history(section_id),
    )


def _save_title_page(
    report: Report | None, member: Membership, form: TitlePageForm
) -> None:
    lines = {name: form[name].data for name in arranging.TITLE_PAGE}
    if report is None:
        arranging.create_report(member, **lines)
        return
    queries.lock_report(report)
    form.refuse_changed(report)
    arranging.set_title_page(report, member, **lines)


def _to_outline(anchor: str | None = None) -> Response:
    slug = (request.view_args or {})["slug"]
    return redirect(url_for(".outline", slug=slug, _anchor=anchor), code=303)


def _title_page(
    member: Membership, report: Report | None, form: TitlePageForm, status: int
) -> ResponseReturnValue:
    page = render_template(
        "drafting/title_page.html", member=member, report=report, form=form
    )
    return page, status


def _section_form(member: Membership, section: Section | None = None) -> SectionForm:
    form = SectionForm(obj=section, shared=section)
    form.subgroup_id.choices = [
        SelectChoice("", _("None")),
        *(
            SelectChoice(group.id, group.name)
            for group in cohorts.subgroups(member.cohort_id)
        ),
    ]
    return form


def _section_page(
    member: Membership, form: SectionForm, section: Section | None, status: int
) -> ResponseReturnValue:
    page = render_template(
        "drafting/section_form.html",
        member=member,
        form=form,
        section=section,
        written=queries.last_update(section) if section else None,
    )
    return page, status


def _fields(form: SectionForm) -> dict[str, Any]:
    names = ("kind", "title", "subgroup_id", "addressees", "horizon")
    return {name: form[name].data for name in names}
