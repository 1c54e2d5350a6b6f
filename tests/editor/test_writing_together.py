"""Several people in one text: they see each other's words, and nobody's are disturbed."""

import pytest
from playwright.sync_api import expect

from tests.editor.desk import TEXT
from tests.waiting import until

pytestmark = pytest.mark.browser

JAPANESE = (["k", "か", "かn", "かん", "かんj", "かんじ", "漢字"], "漢字")
# What a page on a slow device does at times: keys and the words of others wait together.
BUSY = """() => { setTimeout(() => {
  const began = performance.now()
  while (performance.now() - began < 1000) ;
}, 0) }"""
KOREAN = (["ㅎ", "하", "한", "한ㄱ", "한그", "한글"], "한글")


def test_two_people_write_and_see_the_same_and_who_is_here(sit_down, draft):
    amy, hana = sit_down("amy"), sit_down("hana")

    amy.go_to()
    amy.type("Amy writes here.")
    amy.press("Enter")
    amy.type("## A heading")
    amy.press("Enter")
    amy.type("- one")
    hana.go_to(0)
    hana.type(" Hana adds this.")

    hana.reads("Amy writes here.")
    hana.reads("There were eleven interruptions. Hana adds this.")
    amy.reads("There were eleven interruptions. Hana adds this.")
    until(lambda: amy.paragraphs() == hana.paragraphs())
    expect(hana.page.locator(f"{TEXT} h3")).to_have_text("A heading")
    expect(hana.page.locator(f"{TEXT} ul li")).to_contain_text("one")
    expect(amy.page.locator("#people")).to_contain_text("Hana Hoshino")
    expect(amy.page.locator(f"{TEXT} .caret b")).to_have_text("Hana Hoshino")
    for desk in (amy, hana):
        desk.state("saved")
    assert "Hana adds this" in draft.text()


def test_a_key_that_moves_the_caret_counts_though_others_write_meanwhile(sit_down):
    amy, hana = sit_down("amy"), sit_down("hana")
    amy.go_to()
    first = hana.page.locator(f"{TEXT} p").first
    hana.go_to(0)
    for letter in "xyz":
        first.click(position={"x": 40, "y": 8})
        hana.page.evaluate(BUSY)
        amy.type(f"amy {letter} ")
        hana.page.keyboard.press("End")
        hana.type(letter)
        hana.reads(letter)

    assert hana.words().splitlines()[1] == "There were eleven interruptions.xyz"


def test_undo_takes_back_my_own_words_only(sit_down):
    amy, hana = sit_down("amy"), sit_down("hana")
    amy.go_to()
    amy.type("from Amy")
    hana.reads("from Amy")
    hana.go_to(0)
    hana.type(" from Hana")
    amy.reads("from Hana")

    amy.press("Control+z", "Control+z", "Control+z")

    until(lambda: "from Amy" not in hana.words())
    assert "from Hana" in amy.words()
    assert "There were eleven" in amy.words()  # what the server seeded stays
    amy.press("Control+y")
    hana.reads("from Amy")


@pytest.mark.parametrize(("steps", "final"), [JAPANESE, KOREAN], ids=["ja", "ko"])
def test_an_input_method_is_not_disturbed_by_a_colleague(sit_down, steps, final):
    minjun, amy = sit_down("minjun"), sit_down("amy")
    minjun.go_to(0)
    amy.go_to(0, "Home")

    for _ in range(3):
        minjun.compose(steps, final, between=lambda: amy.type("x"))

    until(lambda: minjun.words() == amy.words())
    typed = "x" * 3 * len(steps)
    assert (
        minjun.paragraphs()[1] == f"{typed}There were eleven interruptions.{final * 3}"
    )


def test_a_block_gets_its_language_from_its_script_and_keeps_a_correction(sit_down):
    hana, minjun = sit_down("hana"), sit_down("minjun")
    hana.go_to()
    hana.compose(["ㅎ", "한"], "한국어 문장")
    hana.press("Enter")
    hana.type("これは日本語です")
    hana.press("Enter")
    hana.type("重要鉱物")
    blocks = minjun.page.locator(f"{TEXT} p")
    expect(blocks.nth(1)).to_have_attribute("lang", "ko")
    expect(blocks.nth(2)).to_have_attribute("lang", "ja")
    expect(blocks.nth(3)).to_have_attribute("lang", "ja")

    hana.page.locator('[data-command="language"]').select_option("ko")

    expect(blocks.nth(3)).to_have_attribute("lang", "ko")
    hana.go_to(3)
    hana.type("供給")
    minjun.reads("重要鉱物供給")
    expect(blocks.nth(3)).to_have_attribute("lang", "ko")


def test_the_keyboard_reaches_everything_and_is_never_trapped(sit_down):
    amy = sit_down("amy")
    amy.go_to()
    focused = (
        "document.activeElement.dataset.command ?? document.activeElement.className"
    )

    amy.press("Alt+F10")
    assert amy.page.evaluate(focused) == "style"
    amy.press("ArrowRight")
    assert amy.page.evaluate(focused) == "bold"
    amy.press("End")
    assert amy.page.evaluate(focused) == "comment"
    amy.press("Escape")
    assert "ProseMirror" in amy.page.evaluate(focused)
    amy.press("Tab")
    assert "ProseMirror" not in amy.page.evaluate(focused)

    amy.go_to()
    amy.type("- one")
    amy.press("Enter")
    amy.type("two")
    amy.press("Control+]")
    expect(amy.page.locator(f"{TEXT} ul ul li")).to_have_text("two")
    amy.press("Control+[")
    expect(amy.page.locator(f"{TEXT} ul ul")).to_have_count(0)
    amy.press("Control+b")
    amy.type(" bold")
    expect(amy.page.locator(f"{TEXT} strong")).to_have_text(" bold")
    assert (
        amy.page.evaluate(
            "document.querySelectorAll('[style]:not([style=\"\"])').length"
        )
        == 0
    )
