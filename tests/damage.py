"""What a broken disk does to a database, and no statement of ours may."""

from sqlalchemy import Executable, text

from workgroup.database import db


def damage(statement: str | Executable, **values: object) -> None:
    """Change rows of a text's log without its guards; the caller commits."""
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
    written = text(statement) if isinstance(statement, str) else statement
    db.session.execute(written, values)
    for one in on:
        db.session.execute(text(one))
