"""A server that listens on an address of IPv6."""

import http.client

import pytest

from tests.live.conftest import play
from tests.live.editors import Editor, cookie_of


@pytest.mark.parametrize("written", ["::1", "[::1]"])
def test_a_server_on_ipv6_serves_pages_and_sockets(served, written):
    server, app, section_id, _ = served
    server.host, server.settings = "::1", {"HOST": written}
    server.start()

    async def scene():
        amy = await Editor(server.url, section_id, cookie_of(app, "amy")).open()
        await amy.write("a")
        await amy.settled()
        await amy.close()

    play(scene())
    assert f"serves on http://[::1]:{server.port}" in server.log
    connection = http.client.HTTPConnection("::1", server.port)
    connection.request("GET", "/account/sign-in", headers={"Host": "[:::::1]"})
    assert connection.getresponse().status == 400
    connection.close()
