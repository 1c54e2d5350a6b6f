"""Attacks over a real socket: the sender is cut off, the others go on, nothing is stored."""

import json
import os

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests import cast
from tests.live.conftest import play
from tests.textlog.wire import attribute, element, item, mark, string, update
from workgroup.textlog import queries
from workgroup.textlog.encoding import block, number, text

NESTED = bytes((117, 1)) * 5000 + bytes((126,))


def part(data, writer=0, n=1):
    return b"\4" + number(writer) + number(n) + block(data)


def inside(struct):
    """Return an update of the editor's own, after its first paragraph and letter."""
    return lambda me: part(update(me, 3, struct(me)), n=2)


FRAMES = {
    "no part at all": (lambda _: b"\xff\xff\xff", 4400),
    "a part of the server's": (lambda _: b"\2\1\1\0", 4400),
    "a lying length": (lambda _: b"\4\0\1\xff\xff\x7f", 4400),
    "a writer that the hello did not name": (lambda _: part(b"\0\0", 9), 4400),
    "a cursor of a megabyte": (lambda _: b"\5" + block(bytes(900_000)), 4400),
    "a frame that is too large": (lambda _: bytes(1_050_000), 4413),
    "an update of noise": (lambda _: part(os.urandom(300), n=2), 4422),
    "an empty update": (lambda _: part(b"", n=2), 4422),
    "another writer's client id": (
        lambda me: part(update(me + 1, 0, element("paragraph")), n=2),
        4422,
    ),
    "a clock that skips": (
        lambda me: part(update(me, 9, string("x", origin=(me, 2))), n=2),
        4422,
    ),
    "words after words that nobody has": (
        inside(lambda _: string("x", origin=(4242, 7))),
        4422,
    ),
    "values inside values": (
        inside(
            lambda me: item(8, number(1) + NESTED, parent=(me, 0), key="brk"),
        ),
        4422,
    ),
    "a document inside": (
        inside(lambda me: item(9, text("guid") + b"v\0", origin=(me, 2))),
        4422,
    ),
    "a script": (inside(lambda _: element("script")), 4422),
    "an event handler": (
        inside(lambda me: attribute("onclick", "alert(1)", parent=(me, 0))),
        4422,
    ),
    "a link that runs": (
        inside(lambda me: mark("link", {"href": "javascript:x"}, origin=(me, 2))),
        4422,
    ),
    "another root": (inside(lambda _: element("paragraph", root="other")), 4422),
    "a thousand elements in one another": (
        lambda me: part(
            update(
                me,
                3,
                element("blockquote"),
                *(element("blockquote", parent=(me, 3 + up)) for up in range(1000)),
            ),
            n=2,
        ),
        4422,
    ),
    "the deletion of what is not there": (
        lambda me: part(update(me, 3, deletes=[(me, 0, 2**40)]), n=2),
        4422,
    ),
}


def stored_of(site, client_id):
    with site.app.app_context():
        return [
            row
            for row in queries.rows_after(site.stream, 0)
            if row.client_id == client_id
        ]


@pytest.mark.parametrize("attack", FRAMES)
def test_a_hostile_frame_cuts_off_its_sender_and_nobody_else(site, attack):
    frame, code = FRAMES[attack]

    async def scene():
        hana = await site.editor("hana").open()
        amy = await site.editor("amy").open()
        await amy.write("a")
        await amy.settled()
        await amy.socket.send(frame(amy.client_id))
        assert await amy.ended() == code
        assert amy.closed[1]
        await hana.write("b")
        await hana.settled()
        assert hana.closed is None
        await hana.close()
        return amy.client_id

    client_id = play(scene())

    assert len(stored_of(site, client_id)) == 1


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (b"\5\0", 4400),
        ("", 4400),
        ("[" * 9000, 4400),
        ("x" * 30_000, 4413),
        (json.dumps({"t": "hello", "schema": 1}), 4400),
        (json.dumps({"t": "welcome"}), 4400),
    ],
)
def test_nothing_counts_before_a_hello(site, first, code):
    async def scene():
        amy = site.editor("amy")
        async with connect(
            amy.address, origin=amy.origin, additional_headers=amy.headers
        ) as socket:
            await socket.send(first)
            await socket.wait_closed()
            assert socket.close_code == code

    play(scene())


def test_another_schema_is_asked_to_reload(site):
    async def scene():
        amy = await site.editor("amy").open(wait=False, schema=2)
        assert await amy.ended() == 4409
        assert amy.closed[1] == "reload to continue"

    play(scene())


def test_text_after_the_hello_ends_the_socket(site):
    async def scene():
        amy = await site.editor("amy").open()
        await amy.socket.send('{"t":"hello"}')
        assert await amy.ended() == 4400

    play(scene())


def test_nobody_sends_for_another_persons_writer(site):
    async def scene():
        amy = await site.editor("amy").open()
        await amy.write("a")
        await amy.settled()
        hana = site.editor("hana")
        hana.client_id = amy.client_id
        await hana.open(wait=False)
        assert await hana.ended() == 4411
        await hana.open(wait=False, writers=[amy.client_id, 77])
        assert await hana.ended() == 4403
        assert amy.closed is None
        await amy.close()

    play(scene())


@pytest.mark.parametrize("name", ["paul", "oscar", "sam", "nobody"])
def test_only_editors_get_bytes(site, name):
    async def scene():
        reader = await site.editor(name).open(wait=False)
        assert await reader.ended() == (4401 if name == "nobody" else 4403)
        assert reader.rows == []
        assert reader.texts == []

    play(scene())


def test_the_section_of_another_cohort_is_like_one_that_does_not_exist(site):
    async def scene():
        for section, slug in (
            (site.foreign, cast.SLUG),
            (site.foreign, cast.OTHER_SLUG),
            (site.section, cast.OTHER_SLUG),
            (999_999, cast.SLUG),
            (site.section, "no-such-cohort"),
        ):
            amy = await site.editor("amy", section, slug=slug).open(wait=False)
            assert await amy.ended() == 4403
            assert amy.closed[1] == "not yours to edit"

    play(scene())


@pytest.mark.parametrize(
    "cookie", ["", "session=", "session=eyJfdXNlcl9pZCI6IngifQ.x.y"]
)
def test_without_a_valid_session_a_person_is_asked_to_sign_in(site, cookie):
    async def scene():
        amy = site.editor("amy")
        amy.headers = {"Cookie": cookie} if cookie else {}
        await amy.open(wait=False)
        assert await amy.ended() == 4401

    play(scene())


def origins(url):
    port = url.rsplit(":", 1)[1]
    return [
        None,
        "null",
        "https" + url.removeprefix("http"),
        f"http://127.0.0.1:{int(port) + 1}",
        "http://127.0.0.1",
        url + ".evil.example",
        f"http://evil.example:{port}",
        f"http://evil.127.0.0.1:{port}",
        url + "/",
        url.upper() + "/",
    ]


@pytest.mark.parametrize("number", range(10))
def test_a_page_of_another_origin_gets_no_socket(site, number):
    async def scene():
        amy = site.editor("amy")
        with pytest.raises(InvalidStatus) as caught:
            await connect(
                amy.address,
                origin=origins(amy.url)[number],
                additional_headers=amy.headers,
            )
        assert caught.value.response.status_code == 403

    play(scene())


@pytest.mark.parametrize("first", [True, False])
def test_a_page_that_names_two_origins_gets_no_socket(site, first):
    async def scene():
        amy = site.editor("amy")
        evil = "http://evil.example"
        one, other = (amy.origin, evil) if first else (evil, amy.origin)
        with pytest.raises(InvalidStatus) as caught:
            await connect(
                amy.address,
                origin=one,
                additional_headers=[*amy.headers.items(), ("Origin", other)],
            )
        assert caught.value.response.status_code == 400

    play(scene())


@pytest.mark.parametrize("path", ["/", "/c/trilateral/sections/x/live", "/live"])
def test_elsewhere_there_is_no_socket(site, path):
    async def scene():
        amy = site.editor("amy")
        with pytest.raises(InvalidStatus):
            await connect(
                amy.url.replace("http", "ws") + path,
                origin=amy.origin,
                additional_headers=amy.headers,
            )

    play(scene())
