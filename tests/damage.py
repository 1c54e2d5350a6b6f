"""What a broken disk does to a database, and no statement of ours may."""

from sqlalchemy import text

from workgroup.database import db


def damage(statement: str, **values: object) -> None:
    """Change rows of a text's log behind its guards; the caller commits."""
    sqlite = db.session.get_bind().dialect.name == "sqlite"
    off = (
        [
            f"DROP TRIGGER IF EXISTS updates_append_only_{act}"
            for act in ("update", "delete")
        ]
        if sqlite
        else ["ALTER TABLE updates DISABLE TRIGGER USER"]
    )
    on = [] if sqlite else ["ALTER TABLE updates ENABLE TRIGGER USER"]
    for one in off:
        db.session.execute(text(one))
    db.session.execute(text(statement), values)
    for one in on:
        db.session.execute(text(one))
