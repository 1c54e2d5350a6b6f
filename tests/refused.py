"""Rows that the database itself must refuse, tried by raw SQL."""

import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tests import cast
from workgroup.cohorts.models import Cohort, Membership
from workgroup.database import db


def refused(why: str, statement: str, **values: object) -> None:
    """Run a statement that no service would write; the database must refuse it for the given reason.

    Args:
        why: what stands in the answer: the sentence of a trigger, or the name of a key or
            check; SQLite names the columns of a unique key, and no foreign key at all.
        statement: SQL; an UPDATE or DELETE must find a row, for of none nothing is refused.
        values: the statement's parameters.
    """
    with pytest.raises(IntegrityError, match=why), db.session.begin_nested():
        db.session.execute(text(statement), values)


def copied(table: str, row_id: int, **other: object) -> tuple[str, dict[str, object]]:
    """Return an INSERT of a row like another but for some columns, and its values."""
    found = db.session.execute(
        text(f"SELECT * FROM {table} WHERE id = :id"),
        {"id": row_id},
    )
    row = found.mappings().one()
    values = {name: _plain(value) for name, value in {**row, **other}.items()}
    del values["id"]
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(f":{name}" for name in values)
    return f"INSERT INTO {table} ({columns}) VALUES ({marks})", values


def refused_copy(why: str, table: str, row_id: int, **other: object) -> None:
    """Insert a row like one that is there, but for what makes it wrong."""
    statement, values = copied(table, row_id, **other)
    refused(why, statement, **values)


def _plain(value: object) -> object:
    # PostgreSQL reads it.
    return json.dumps(value) if isinstance(value, dict) else value


def foreign(kind: type, **values: object) -> int:
    """Write a row of the other cohort and return its id."""
    other = select(Cohort.id).where(Cohort.slug == cast.OTHER_SLUG)
    row = kind(cohort_id=db.session.scalars(other).one(), **values)
    db.session.add(row)
    db.session.flush()
    return row.id


def sam() -> int:
    """Return the membership of the one who belongs to the other cohort only."""
    return db.session.scalars(
        select(Membership.id)
        .join(Cohort, Cohort.id == Membership.cohort_id)
        .where(Cohort.slug == cast.OTHER_SLUG)
    ).one()
