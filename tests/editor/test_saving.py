"""What is said to be saved is saved, and what is not is kept."""

import pytest
from playwright.sync_api import expect

from tests.editor.desk import TEXT, Draft
from tests.waiting import until

pytestmark = pytest.mark.browser


def test_words_written_offline_survive_a_reload_and_go_out_once(sit_down, draft):
    amy = sit_down("amy")
    amy.go_to()
    amy.type("before ")
    amy.state("saved")
    amy.context.set_offline(True)
    amy.type("offline ")
    amy.state("unsaved")
    expect(amy.page.locator("#save-state")).to_contain_text("Kept on this device")
    amy.page.route_web_socket("**/live", lambda socket: socket.close())
    amy.context.set_offline(False)
    amy.page.reload()
    amy.page.locator(TEXT).wait_for()
    amy.reads("before offline")
    amy.go_to()
    amy.type("more ")
    amy.state("unsaved")

    amy.page.unroute_all()
    again = amy.open()

    expect(again.locator("#save-state")).to_have_attribute("data-state", "saved")
    until(lambda: "before offline more" in draft.text())
    assert draft.text().count("offline") == 1


def test_a_killed_server_loses_and_doubles_nothing(sit_down, server):
    draft = Draft(server)
    amy, hana = sit_down("amy", draft), sit_down("hana", draft)
    amy.go_to()
    for round_number in range(3):
        amy.type(f"round {round_number} ")
        server.kill()
        amy.type("while it was down ")
        amy.state("unsaved")
        server.start()
        amy.state("saved")

    written = "".join(f"round {number} while it was down " for number in range(3))
    until(lambda: written.strip() in hana.words())
    assert written in draft.text()
    assert draft.text().count("round") == 3


def test_a_session_that_ends_keeps_the_words_until_the_next_sign_in(sit_down, draft):
    amy = sit_down("amy")
    amy.go_to()
    amy.type("one ")
    amy.state("saved")
    amy.context.clear_cookies()
    amy.context.set_offline(True)
    amy.state("offline")
    amy.context.set_offline(False)
    notice = amy.page.locator('[data-notice="session"]')
    expect(notice).to_contain_text("Nothing was lost")
    amy.go_to()
    amy.type("two")
    amy.state("unsaved")

    amy.context.add_cookies([draft.cookie("amy")])  # as another tab would

    amy.state("saved")
    expect(notice).to_have_count(0)
    assert "one two" in draft.text()


def test_words_are_not_sent_under_somebody_elses_name(sit_down, draft):
    amy = sit_down("amy")
    amy.go_to()
    amy.context.clear_cookies()
    amy.context.set_offline(True)
    amy.type("only mine")
    amy.context.add_cookies([draft.cookie("hana")])
    amy.context.set_offline(False)

    notice = amy.page.locator("[data-notice]").first
    expect(notice).to_be_visible()
    assert "only mine" not in draft.text()


def test_a_page_of_another_schema_asks_to_reload_and_shows_the_text(sit_down, draft):
    amy = sit_down("amy")
    page = amy.context.new_page()
    page.add_init_script(
        "document.addEventListener('readystatechange', () => {"
        "  document.getElementById('workspace').dataset.schema = '2' }, {once: true})"
    )

    page.goto(draft.address)

    expect(page.locator('[data-notice="reload"]')).to_contain_text("Reload to continue")
    expect(page.locator(TEXT)).to_have_count(0)


def test_an_update_that_was_damaged_on_its_way_is_refused_and_its_words_kept(
    sit_down, draft
):
    amy, hana = sit_down("amy"), sit_down("hana")
    damage = []

    def pass_on(socket):
        server, cut = socket.connect_to_server(), []

        def to_server(frame):
            if cut:  # the server is about to close this socket
                return
            if damage and isinstance(frame, bytes) and frame[:1] == b"\x04":
                frame = frame[:-1] + damage.pop()
                cut.append(True)
            server.send(frame)

        socket.on_message(to_server)

    amy.context.route_web_socket("**/live", pass_on)
    amy.page.reload()
    amy.state("saved")
    amy.go_to()

    damage.append(b"\x01")  # a list of deletions is announced that does not come
    amy.page.keyboard.insert_text("words on a bad wire")

    box = amy.page.locator(".unsent")
    expect(box).to_contain_text("The server did not accept your last changes")
    expect(box.locator("textarea")).to_have_value("words on a bad wire")
    amy.state("saved")
    hana.go_to()
    hana.type("the others go on")
    amy.reads("the others go on")
    assert "bad wire" not in draft.text()


def test_a_paste_that_is_nested_too_deep_is_left_out_with_a_notice(sit_down, draft):
    amy, hana = sit_down("amy"), sit_down("hana")
    amy.go_to()
    deep = "<ul><li>" * 12 + "too deep" + "</li></ul>" * 12

    amy.paste(html=deep)

    expect(amy.page.locator('[data-notice="paste.too_long"]')).to_be_visible()
    amy.type("still here")
    hana.reads("still here")
