"""The pages that any feature may link to.

``app.py`` fills the table, so that no feature has to name a page of a feature above it.
"""

from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel.speaklater import LazyString

from workgroup.cohorts.roles import Permission


@dataclass(frozen=True)
class Entry:
    """A page of a cohort's navigation bar."""

    label: LazyString
    endpoint: str
    permission: Permission
    below: str  # prefix of the endpoints for which the entry is marked as current


@dataclass(frozen=True)
class Site:
    """The endpoints of pages that several features link to."""

    start: str  # one's cohorts
    home: str  # a cohort's first page
    workspace: str  # of a section
    entries: tuple[Entry, ...]


def site() -> Site:
    """Return the table of the running application."""
    found: Site = current_app.extensions["site"]
    return found


def home_of(slug: str) -> str:
    """Return the address of a cohort's first page."""
    return url_for(site().home, slug=slug)
