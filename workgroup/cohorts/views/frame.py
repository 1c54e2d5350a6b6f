"""What surrounds every page of a cohort: its navigation and its notice."""

from typing import Any

from flask import g, request, url_for

from workgroup.accounts.models import User
from workgroup.cohorts import queries
from workgroup.cohorts.access import Frame
from workgroup.cohorts.attribution import Mode, Shown, Surface, written
from workgroup.cohorts.models import Delegation, Membership
from workgroup.cohorts.naming import Naming
from workgroup.cohorts.navigation import site
from workgroup.cohorts.views.blueprint import bp


@bp.app_context_processor
def frame() -> dict[str, Any]:
    """Pass to every template the cohort's navigation and notice; none outside a cohort."""
    around: Frame | None = g.get("frame")
    if around is None:
        return {"navigation": [], "cohort_notice": ""}
    return {"navigation": navigation(around), "cohort_notice": around.notice}


@bp.app_template_global()
def shown(
    who: Membership | User, surface: str, delegation: Delegation | None = None
) -> Shown:
    """Return what the reader may see of somebody: the one way a template names people."""
    return _naming().shown(who, Surface(surface), delegation)


@bp.app_template_global()
def shown_otherwise(who: Membership) -> Shown | None:
    """Return the other form of a name, for the list of who is in the cohort."""
    return _naming().other_form(who)


@bp.app_template_global()
def names_shown(surface: str) -> bool:
    """Return whether a surface names people."""
    return _naming().mode(Surface(surface)) is Mode.NAMED


@bp.app_template_global()
def names_seen() -> str:
    """Return how people are named, to be recorded in a form with which somebody leaves a trace.

    A form that is shown again after a refusal still records what its first page showed.
    """
    return written(queries.modes_seen(_naming().modes))


def _naming() -> Naming:
    around: Frame | None = g.get("frame")
    return around.naming if around else Naming.outside(None)


def navigation(around: Frame) -> list[tuple[str, str, bool]]:
    """Return label, address and "is current" of the cohort's pages that the reader may open."""
    here = request.endpoint or ""
    return [
        (
            str(entry.label),
            url_for(entry.endpoint, slug=around.slug),
            here.startswith(entry.below),
        )
        for entry in site().entries
        if entry.permission in around.permissions
    ]
