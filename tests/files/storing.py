"""Putting content into the store as its callers do."""

from io import BytesIO

from workgroup.database import db
from workgroup.files import queries, services
from workgroup.files.spool import spooled

PDF = "application/pdf"


def put(content, media_type=PDF, by=None, after_each=lambda: None):
    """Commit what the test has done, put content, and return its file."""
    db.session.commit()
    with spooled(BytesIO(content)) as spool:
        for _part in services.put(spool, media_type, by):
            db.session.commit()
            after_each()
    return queries.with_content(spool.sha256, media_type)
