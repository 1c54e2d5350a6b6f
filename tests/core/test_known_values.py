"""A column of an enumeration holds its members and nothing else, no matter who writes the row."""

import re

import pytest
from sqlalchemy import Enum, inspect, text
from sqlalchemy.exc import IntegrityError

from workgroup.cohorts.roles import Role
from workgroup.database import db

pytestmark = pytest.mark.both_databases

ENUMERATIONS = {
    (table.name, column.name): {member.value for member in column.type.enum_class}
    for table in db.metadata.tables.values()
    for column in table.columns
    if isinstance(column.type, Enum)
}


def checks(session):
    """Return the conditions of the database by their names."""
    inspector = inspect(session.connection())
    return {
        check["name"]: check["sqltext"]
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }


def test_each_enumeration_is_checked_by_exactly_its_members(session):
    written = checks(session)

    assert len(ENUMERATIONS) >= 20
    for (table, column), members in ENUMERATIONS.items():
        condition = written.get(f"ck_{table}_{column}_known", "")
        assert set(re.findall(r"'([^']+)'", condition)) == members, (table, column)


@pytest.mark.parametrize(
    "nonsense",
    [
        "UPDATE cohorts SET names_live = 'NAMED'",
        "UPDATE cohorts SET names_print = ''",
        "UPDATE cohorts SET names_votes = 'everything'",
        "UPDATE users SET name_order = 'none'",
        "UPDATE users SET sector = 'piracy'",
        "UPDATE memberships SET roles = 'emperor'",
        "UPDATE memberships SET roles = 'member,emperor'",
        "UPDATE memberships SET roles = 'membership'",
        "UPDATE memberships SET roles = ',member'",
    ],
)
def test_what_no_program_has_written_is_refused(session, nonsense):
    with pytest.raises(IntegrityError):
        session.execute(text(nonsense))


def test_each_set_of_roles_may_be_written(session):
    for roles in ["", *Role, ",".join(sorted(Role)), "organizer,member"]:
        session.execute(text("UPDATE memberships SET roles = :roles"), {"roles": roles})
