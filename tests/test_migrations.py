"""The schema goes up, down and up with data, on both databases, and equals the models."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, inspect, text

from workgroup.database import db

pytestmark = pytest.mark.both_databases


def test_the_newest_schema_equals_the_models(session):
    context = MigrationContext.configure(
        session.connection(), opts={"compare_type": True}
    )

    differences = compare_metadata(context, db.metadata)

    assert differences == []


def test_every_check_of_the_models_is_in_the_database(session):
    def named(constraints):
        return {one["name"] for one in constraints}

    inspector = inspect(session.connection())
    missing = {
        check.name
        for table in db.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint) and check.name
    } - {
        name
        for table in inspector.get_table_names()
        for name in named(inspector.get_check_constraints(table))
    }

    assert missing == set()


def test_copying_a_table_keeps_its_conditions(session):
    """A partial index without its condition would forbid what it should allow."""
    partial = {
        index.name
        for table in db.metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    catalogue = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        if session.get_bind().dialect.name == "sqlite"
        else "SELECT indexname, indexdef FROM pg_indexes"
    )

    written = dict(session.execute(text(catalogue)).all())

    assert partial
    assert [name for name in partial if " WHERE " not in written[name]] == []


def test_down_leaves_nothing_and_up_again_makes_everything(app):
    with app.app_context():
        before = set(inspect(db.engine).get_table_names())

        downgrade(revision="base")
        empty = set(inspect(db.engine).get_table_names())
        upgrade()
        after = set(inspect(db.engine).get_table_names())

    assert empty == {"alembic_version"}
    assert after == before


def test_upgrading_twice_keeps_every_row(app):
    with app.app_context():
        upgrade()

        people = db.session.execute(text("SELECT count(*) FROM users")).scalar()

    assert people == 7
