"""What stands round every page of a cohort: its navigation and its notice."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from workgroup.cohorts.access import Frame
from workgroup.cohorts.roles import Permission
from workgroup.cohorts.views.blueprint import bp


@bp.app_context_processor
def frame() -> dict[str, Any]:
    """Give every template the cohort's navigation and notice; none outside a cohort."""
    around: Frame | None = g.get("frame")
    if around is None:
        return {"navigation": [], "cohort_notice": ""}
    return {"navigation": navigation(around), "cohort_notice": around.notice}


def navigation(around: Frame) -> list[tuple[str, str, bool]]:
    """Return label, address and "is current" of the cohort's pages that one may open."""
    pages = [
        (_("Overview"), "lifecycle.home", "lifecycle.home", Permission.READ),
        (_("Report"), "drafting.outline", "drafting.", Permission.READ),
        (_("Ballots"), "deciding.index", "deciding.", Permission.READ),
        (_("People"), "cohorts.people", "cohorts.", Permission.READ),
        (_("Exports"), "publishing.index", "publishing.", Permission.PUBLISH),
    ]
    here = request.endpoint or ""
    return [
        (label, url_for(endpoint, slug=around.slug), here.startswith(below))
        for label, endpoint, below, permission in pages
        if permission in around.permissions
    ]
