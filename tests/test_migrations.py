"""The schema goes up, down and up with data, on both databases, and equals the models."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from workgroup.database import db

pytestmark = pytest.mark.both_databases


def test_the_newest_schema_equals_the_models(session):
    context = MigrationContext.configure(
        session.connection(), opts={"compare_type": True}
    )

    differences = compare_metadata(context, db.metadata)

    assert differences == []


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
