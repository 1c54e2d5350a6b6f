"""Looking for versions that are no longer what was frozen."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import undefer

from workgroup.database import db
from workgroup.drafting.models import Version


def altered_versions() -> Iterator[int]:
    """Yield the number of each version whose text or title its hash is no longer about.

    One text at a time is in memory. One that cannot even be read counts as altered.
    """
    for version_id in db.session.scalars(select(Version.id).order_by(Version.id)).all():
        wanted = select(Version).where(Version.id == version_id)
        loaded = wanted.options(
            undefer(Version.canonical), undefer(Version.text)
        ).execution_options(populate_existing=True)
        try:
            version = db.session.scalars(loaded).one()
            is_whole = version.is_whole and version.has_its_words
        except (ValueError, TypeError, KeyError, AttributeError):
            is_whole = False
        if not is_whole:
            yield version_id
