"""Networks that hang, die silently or lose an answer: no word is lost, doubled or called saved."""

import re
import shutil
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from tests.editor.bad_network import BadNetwork
from tests.editor.desk import TEXT, Draft
from tests.servers import Server, free_port
from tests.waiting import until

pytestmark = pytest.mark.browser

SAVE_STATE = "#save-state"


@pytest.fixture(scope="module")
def far_site(tmp_path_factory, template):
    """A server that is reached over the bad network alone, which is its address."""
    instance = tmp_path_factory.mktemp("far") / "instance"
    shutil.copytree(template, instance)
    network = BadNetwork(free_port())
    settings = {"WORKGROUP_PUBLIC_URL": network.url}
    server = Server(instance, port=network.target[1], settings=settings)
    server.start()
    yield SimpleNamespace(network=network, instance=instance, url=network.url)
    network.stop()
    server.stop()


@pytest.fixture
def network(far_site):
    """The network, which works until a test says otherwise."""
    yield far_site.network
    far_site.network.swallows_sockets = False


@pytest.fixture
def draft(far_site):
    return Draft(far_site)


def test_people_can_write_at_once_though_the_network_does_not_answer(
    sit_down, draft, network
):
    amy = sit_down("amy")
    amy.keeps()
    network.swallows_sockets = True
    amy.page.reload()
    amy.editable(seconds=9)  # the opening of a socket is given up after ten

    amy.go_to()
    amy.type("typed into the silence")

    amy.state("unsaved")
    expect(amy.page.locator(SAVE_STATE)).to_contain_text("Kept on this device")
    amy.page.reload()
    amy.reads("typed into the silence")
    network.swallows_sockets = False
    amy.state("saved")
    assert draft.text().count("typed into the silence") == 1


def test_a_text_that_has_not_arrived_is_announced_as_loading(sit_down, draft, network):
    amy = sit_down("amy")
    network.swallows_sockets = True
    stranger = amy.context.browser.new_context()
    stranger.add_cookies([draft.cookie("hana")])
    page = stranger.new_page()
    page.goto(draft.address)

    notice = page.locator('[data-notice="loading"]')
    expect(notice).to_contain_text("still loading")
    expect(page.locator(TEXT)).to_have_count(0)
    network.swallows_sockets = False
    expect(page.locator(TEXT)).to_have_attribute("contenteditable", "true")
    expect(notice).to_have_count(0)
    stranger.close()


def test_a_reader_sees_within_15_seconds_that_the_connection_died_and_comes_back(
    sit_down, draft, network
):
    hana = sit_down("hana")
    hana.state("saved")
    hana.page.clock.install()
    hana.page.reload()
    hana.state("saved")
    hana.page.clock.pause_at(hana.page.evaluate("Date.now() + 1000"))
    network.swallows_sockets = True
    network.cut()
    hana.page.clock.run_for(15_000)

    hana.state("offline")

    network.swallows_sockets = False
    amy = sit_down("amy")
    amy.go_to()
    amy.type("news from Amy")
    amy.state("saved")
    hana.page.clock.resume()
    hana.reads("news from Amy")
    hana.state("saved")


def test_words_sent_into_a_dead_connection_arrive_once(sit_down, draft, network):
    hana = sit_down("hana")
    hana.go_to()
    hana.type("before ")
    hana.state("saved")
    network.cut()

    hana.type("after")
    hana.state("unsaved")

    hana.state("saved")
    until(lambda: "before after" in draft.text())
    assert draft.text().count("after") == 1


def test_a_comment_whose_answer_was_lost_is_sent_again_under_the_same_key(sit_down):
    amy = sit_down("amy")
    sent = []

    def lose_the_first_answer(route):
        if route.request.method != "POST":
            route.continue_()
            return
        sent.append(parse_qs(route.request.post_data))
        if len(sent) == 1:
            route.fetch()  # the server has it
            route.abort()
        else:
            route.continue_()

    amy.context.route("**/threads", lose_the_first_answer)
    amy.go_to(0, "Home")
    amy.press(*["ArrowRight"] * 11, *["Shift+ArrowRight"] * 6)
    amy.press("Control+Alt+m")
    amy.type("Is this the right number?")
    amy.press("Control+Enter")
    expect(amy.page.locator(".composer .err")).to_contain_text("Your comment is kept")
    amy.press("Control+Enter")

    expect(amy.page.locator(".composer")).to_have_count(0)
    first, second = sent
    assert re.fullmatch(r"[0-9a-f]{32}", first["form_key"][0])
    assert first["form_key"] == second["form_key"]
    assert first["body"] == second["body"] == ["Is this the right number?"]
