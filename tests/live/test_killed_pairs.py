"""Two real servers on one PostgreSQL: the same text for both, also when one is killed."""

import asyncio
from types import SimpleNamespace

import psycopg
import pytest

from app import create_app
from tests.applications import settings
from tests.live.conftest import play
from tests.live.editors import Editor, cookie_of, until, write_section
from tests.renewal import TEMPLATE
from tests.servers import Server
from workgroup.database import db
from workgroup.textlog import queries

WITHIN = 2  # seconds: half a second's look, and a busy machine

pytestmark = pytest.mark.kill


@pytest.fixture
def pair(tmp_path, postgresql):
    """Two servers with instances of their own on one fresh database, and a section."""
    with psycopg.connect(postgresql.url("postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS pair")
        connection.execute(f"CREATE DATABASE pair TEMPLATE {TEMPLATE}")
    address = postgresql.url("pair")
    app = create_app(settings(tmp_path / "instance", address))
    with app.app_context():
        section = write_section()
        db.session.commit()
        found = SimpleNamespace(app=app, id=section.id, stream_id=section.stream_id)
    servers = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir(mode=0o700)
        key = {"WORKGROUP_SECRET_KEY": app.config["SECRET_KEY"]}
        server = Server(tmp_path / name, database_url=address, settings=key)
        server.start()
        servers.append(server)
    yield found, *servers
    for server in servers:
        server.stop()
    with app.app_context():
        db.engine.dispose()


def test_readers_of_two_servers_see_the_same_and_one_server_may_die(pair):
    section, first, second = pair

    async def scene():
        amy = await editor(first, section, "amy").open()
        hana = await editor(second, section, "hana").open()
        for _ in range(20):
            await amy.write("a")
            await hana.write("b")
        await amy.settled()
        await hana.settled()
        await until(lambda: len(amy.rows) == len(hana.rows) == 41, WITHIN)
        assert amy.rows == hana.rows
        await asyncio.to_thread(first.kill)
        amy.type("c")
        await hana.write("d")
        await hana.settled()
        amy.address = amy.address.replace(str(first.port), str(second.port))
        amy.origin = second.url
        await until(lambda: amy.closed)
        await amy.open()
        await amy.send()
        await amy.settled()
        await until(lambda: len(hana.rows) == 43, WITHIN)
        await amy.close()
        await hana.close()

    play(scene())

    with section.app.app_context():
        assert len(queries.rows_after(section.stream_id, 0)) == 43


def editor(server, section, name):
    return Editor(server.url, section.id, cookie_of(section.app, name))
