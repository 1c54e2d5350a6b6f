"""The pages that every page may lead to, whichever feature they belong to.

The composition root fills the table, so that no feature names a page of one above it.
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
    below: str  # the prefix of the endpoints that count as being there


@dataclass(frozen=True)
class Site:
    """The endpoints of the pages that several features lead to."""

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
