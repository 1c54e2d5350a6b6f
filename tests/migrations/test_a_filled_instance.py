"""An instance that the first program filled goes up, down and up again with every row.

``recorded/first-schema.json`` holds the demo as that program wrote it, with a reopened
section, a cancelled and an open ballot, threads on a version, exports, an invitation, a
snapshot and a member who left. The logs of five long chapters are left out.
"""

import base64
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import (
    Boolean,
    DateTime,
    LargeBinary,
    MetaData,
    insert,
    select,
    text,
)
from sqlalchemy.orm import undefer

from workgroup.acts import queries as log
from workgroup.database import db
from workgroup.deciding import moves, queries
from workgroup.deciding.models import Ballot
from workgroup.drafting.canonical import plain_text, sha256
from workgroup.drafting.models import Section, Version
from workgroup.textlog.models import Stream

pytestmark = [pytest.mark.both_databases, pytest.mark.real]

FIRST = "7c1d0e5a9b42"
BEFORE_KNOWN_VALUES = "4b7f90d1e3a8"
BEFORE_ADDRESSES = "e15b7d40c8f9"
RECORDED = json.loads(
    (Path(__file__).parent / "recorded" / "first-schema.json").read_text()
)
ROWS = {
    name: [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    for name, table in RECORDED.items()
}
# What is written otherwise since: a vote's number meant nothing, topics are cut finer, and
# an export's sentence has become a code.
REWRITTEN = {"votes": {"id"}, "revisions": {"topic", "revision"}, "exports": {"error", "error_code"}}  # fmt: skip


def write_first():
    """Write the recorded rows into the first schema."""
    downgrade(revision="base")
    upgrade(revision=FIRST)
    with db.engine.begin() as connection:
        for table in reflected(connection).sorted_tables:
            if rows := ROWS.get(table.name):
                connection.execute(insert(table), [typed(table, row) for row in rows])


def write_first_and_upgrade():
    write_first()
    upgrade()


@pytest.fixture
def first(app, database):
    """The first schema with the recorded rows, in an application's context."""
    database.once(write_first)
    with app.app_context():
        yield


@pytest.fixture
def upgraded(app, database):
    """The same rows after the way up."""
    database.once(write_first_and_upgrade)
    with app.app_context():
        yield


def reflected(connection):
    metadata = MetaData()
    metadata.reflect(connection)
    return metadata


def typed(table, row):
    """Give plain values the types of their columns."""

    def value(column, plain):
        if plain is None:
            return None
        if isinstance(column.type, DateTime):
            moment = datetime.fromisoformat(plain)
            return moment.replace(tzinfo=None) if db.engine.name == "sqlite" else moment
        if isinstance(column.type, LargeBinary):
            return base64.b64decode(plain)
        return plain

    return {name: value(table.c[name], plain) for name, plain in row.items()}


def plain(column, value):
    """Give a value of a column as the recording writes it."""
    if isinstance(value, datetime):
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value
        return aware.astimezone(UTC).isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return bool(value) if isinstance(column.type, Boolean) else value


def rows_now():
    """Return all rows of the database, with plain values."""
    with db.engine.connect() as connection:
        return {
            table.name: [
                {
                    column.name: plain(column, row[column.name])
                    for column in table.columns
                }
                for row in connection.execute(select(table)).mappings()
            ]
            for table in reflected(connection).sorted_tables
            if table.name != "alembic_version"
        }


def as_set(name, rows):
    rewritten = REWRITTEN.get(name, set())
    return Counter(
        json.dumps(
            {key: value for key, value in row.items() if key not in rewritten},
            sort_keys=True,
        )
        for row in rows
    )


def test_upgrading_keeps_every_row(upgraded):
    now = rows_now()

    assert {
        name: len(rows) for name, rows in ROWS.items() if len(now[name]) < len(rows)
    } == {}
    assert len(now["participations"]) == len(ROWS["votes"])


def test_upgrading_keeps_what_was_frozen_and_by_whom(upgraded):
    versions = db.session.scalars(
        select(Version).options(undefer(Version.canonical), undefer(Version.text))
    ).all()
    recorded = {row["id"]: row for row in ROWS["versions"]}

    assert len(versions) == len(recorded)
    for version in versions:
        assert (
            version.sha256
            == recorded[version.id]["sha256"]
            == sha256(version.canonical)
        )
        assert version.title == version.canonical["title"]
        assert version.text == plain_text(version.form["blocks"])
        assert version.format == 1
    [froze] = {row["frozen_by"] for row in ROWS["streams"] if row["frozen_by"]}
    [organizer] = [row["id"] for row in ROWS["users"] if row["printed_name"] == froze]
    frozen = {row["id"] for row in ROWS["streams"] if row["frozen_at"]}
    assert {
        stream.id: stream.frozen_by_id for stream in db.session.scalars(select(Stream))
    } == {
        row["id"]: organizer if row["id"] in frozen else None for row in ROWS["streams"]
    }


def test_upgrading_keeps_what_was_decided(upgraded):
    ballots = db.session.scalars(select(Ballot)).all()
    voters = {row["elector_id"] for row in ROWS["votes"]}

    assert {ballot.phase(ballot.opens_at).value for ballot in ballots} == {
        "open", "closed", "cancelled",
    }  # fmt: skip
    for ballot in ballots:
        assert (
            ballot.section_id
            == db.session.get_one(Version, ballot.version_id).section_id
        )
        if ballot.closed_at:
            assert moves.recount(ballot).outcome is ballot.outcome
        voted = queries.who_has_voted(ballot.id)
        assert voted.keys() == {vote.elector_id for vote in queries.votes(ballot.id)}
        assert voted.keys() <= voters


def test_upgrading_keeps_the_chain_of_the_audit_log(upgraded):
    assert log.first_altered() is None


def test_downgrading_restores_what_was_there(upgraded):
    downgrade(revision=FIRST)

    now = rows_now()

    assert now.keys() == ROWS.keys()
    for name, rows in ROWS.items():
        assert as_set(name, now[name]) == as_set(name, rows), name


def test_downgrading_and_upgrading_again_gives_the_same_rows(upgraded):
    once = rows_now()
    downgrade(revision=FIRST)
    upgrade()
    twice = rows_now()

    assert once.keys() == twice.keys()
    for name in once.keys() - REWRITTEN.keys():
        assert as_set(name, once[name]) == as_set(name, twice[name]), name
    if db.engine.name == "sqlite":
        assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []


def test_positions_are_dense_and_none_is_taken_twice(first):
    with db.engine.begin() as connection:
        connection.execute(
            text("UPDATE sections SET position = 3 WHERE position IN (4, 5)")
        )

    upgrade()

    order = db.session.scalars(
        select(Section.position).order_by(Section.position)
    ).all()
    assert order == list(range(1, len(ROWS["sections"]) + 1))


@pytest.mark.parametrize(
    ("nonsense", "named"),
    [
        ("UPDATE sections SET state = 'lost' WHERE id = 3", "sections has the state 'lost'"),
        ("UPDATE memberships SET roles = 'member,emperor' WHERE id = 2", "roles 'member,emperor'"),
    ],
)  # fmt: skip
def test_an_unknown_value_stops_the_upgrade(upgraded, caplog, nonsense, named):
    downgrade(revision=BEFORE_KNOWN_VALUES)
    with db.engine.begin() as connection:
        connection.execute(text(nonsense))
    before = rows_now()

    with pytest.raises(SystemExit):
        upgrade()

    assert rows_now() == before
    assert named in caplog.text
    assert "correct that row, then upgrade again" in caplog.text


def test_addresses_in_capitals_are_written_small_on_the_way_up(upgraded):
    downgrade(revision=BEFORE_ADDRESSES)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE users SET email = upper(email) WHERE id = 2"))

    upgrade()

    [email] = db.session.scalars(text("SELECT email FROM users WHERE id = 2"))
    assert email == next(row["email"] for row in ROWS["users"] if row["id"] == 2)


def test_two_accounts_of_one_address_stop_the_way_up(upgraded, caplog):
    downgrade(revision=BEFORE_ADDRESSES)
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE users SET email = (SELECT upper(email) FROM users WHERE id = 1) "
                "WHERE id = 2"
            )
        )
    before = rows_now()

    with pytest.raises(SystemExit):
        upgrade()

    assert rows_now() == before
    assert "give one of them another address, then upgrade again" in caplog.text
