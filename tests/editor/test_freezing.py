"""A freeze and a keystroke never cross in silence."""

import pytest
from playwright.sync_api import expect

from tests.waiting import until

pytestmark = pytest.mark.browser


def test_words_that_lose_the_race_are_kept_in_a_box_to_copy(sit_down, draft):
    amy, hana = sit_down("amy"), sit_down("hana")
    amy.go_to()
    amy.type("in time ")
    amy.state("saved")
    amy.context.set_offline(True)
    amy.type("too late")
    amy.state("unsaved")

    draft.freeze()
    hana.editable(yes=False)
    expect(hana.page.locator('[data-notice="frozen"]')).to_contain_text("Olivia Okafor")
    amy.context.set_offline(False)

    box = amy.page.locator(".unsent textarea")
    expect(box).to_have_value("in time too late")
    amy.editable(yes=False)
    assert "too late" not in amy.words()
    assert "too late" not in draft.text()
    amy.page.reload()
    expect(box).to_have_value("in time too late")
    amy.page.locator(".unsent").get_by_text("Dismiss").click()
    amy.page.reload()
    amy.editable(yes=False)
    expect(box).to_have_count(0)


def test_each_word_typed_during_a_freeze_is_in_the_text_or_in_the_box(sit_down, draft):
    amy = sit_down("amy")
    amy.go_to()
    typed = [f"word{number:03}" for number in range(40)]

    for word in typed[:25]:
        amy.type(f"{word} ")
    draft.freeze()
    for word in typed[25:]:
        amy.type(f"{word} ")
    amy.editable(yes=False)

    def safe():
        box = amy.page.locator(".unsent textarea")
        kept = box.input_value() if box.count() else ""
        return {word for word in typed if word in kept or word in draft.text()}

    until(lambda: set(typed[:25]) <= safe())
    until(lambda: {word for word in typed if word in amy.words()} <= safe())


def test_a_thaw_lets_everybody_write_again(sit_down, draft):
    amy, hana = sit_down("amy"), sit_down("hana")
    draft.freeze()
    amy.editable(yes=False)
    hana.editable(yes=False)

    draft.thaw()

    amy.editable()
    amy.go_to()
    amy.type("again")
    hana.reads("again")
    expect(hana.page.locator('[data-notice="frozen"]')).to_have_count(0)
    until(lambda: "again" in draft.text())
