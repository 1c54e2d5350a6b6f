"""The page of the report's exports, their progress and their files."""

from typing import Any

from flask import (
    Blueprint,
    flash,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workgroup.cohorts.access import allow
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission
from workgroup.database import db, writing
from workgroup.drafting import queries as drafting
from workgroup.drafting.states import DECIDED
from workgroup.files import queries as stored
from workgroup.files.serving import serve
from workgroup.publishing import (
    labels,
    printing,
    progress,
    queries,
    services,
)
from workgroup.sending.request import do_once
from workgroup.web import or_404, wants_part

bp = Blueprint("publishing", __name__)


@bp.get("/c/<slug>/exports/")
@allow(Permission.PUBLISH)
def index(member: Membership) -> ResponseReturnValue:
    """Show what would be printed now, what is being printed, and the finished files."""
    report = drafting.find_report(member.cohort_id)
    sections = queries.sections(report.id) if report else []
    return render_template(
        "publishing/exports.html",
        member=member,
        report=report,
        sections=sections,
        undecided=[each for each in sections if each.state not in DECIDED],
        missing=printing.missing(),
        exports=queries.exports(report.id) if report else [],
        **_words(report.id if report else 0),
    )


@bp.post("/c/<slug>/exports/")
@allow(Permission.PUBLISH)
def request_export(member: Membership) -> ResponseReturnValue:
    """Request an export; the worker creates it."""
    report = or_404(drafting.find_report(member.cohort_id))
    slug = member.cohort.slug
    with writing():
        do_once(
            lambda: services.request_export(report, member), stands=queries.is_under_way
        )
        db.session.commit()
    flash(_("The PDF is being created. It will be listed here when it is ready."), "ok")
    return redirect(url_for(".index", slug=slug), code=303)


@bp.get("/c/<slug>/exports/<int:export_id>")
@allow(Permission.PUBLISH)
def show(member: Membership, export_id: int) -> ResponseReturnValue:
    """Render one line of the list, which is fetched again while the export is under way."""
    export = or_404(queries.find_export(member.cohort_id, export_id))
    if not wants_part():
        return redirect(url_for(".index", slug=member.cohort.slug))
    return render_template(
        "publishing/export.html",
        member=member,
        export=export,
        **_words(export.report_id),
    )


@bp.get("/c/<slug>/exports/<int:export_id>/report.pdf")
@allow(Permission.PUBLISH)
def download(member: Membership, export_id: int) -> ResponseReturnValue:
    """Serve the finished file."""
    export = or_404(queries.find_export(member.cohort_id, export_id))
    file = or_404(stored.find_file(services.OWNER, export.id))
    return serve(file, export.file_name)


def _words(report_id: int) -> dict[str, Any]:
    """Return what a line of the list needs besides its export (one query)."""
    usual = queries.usual_pages(report_id)
    return {
        "label": labels.export_state_label,
        "failure": labels.failure,
        "percent": lambda page: progress.percent(page, usual),
    }
