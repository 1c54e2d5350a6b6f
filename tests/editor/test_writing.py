"""What one person can do: paste, notes, links, tables."""

import pytest
from playwright.sync_api import expect

from exports.sizes import MOST, Size
from tests.editor.desk import PASTED, TEXT
from tests.waiting import until

pytestmark = pytest.mark.browser

MAX_NOTES = MOST[Size.FOOTNOTES_IN_A_PARAGRAPH]


def count(desk, selector, number):
    expect(desk.page.locator(f"{TEXT} {selector}")).to_have_count(number)


def test_a_paste_from_word_and_google_docs_keeps_its_structure(sit_down, draft):
    amy, hana = sit_down("amy"), sit_down("hana")
    amy.go_to()

    amy.paste(html=(PASTED / "word.html").read_text())

    for selector, number in {
        ".fn": 2,
        "table tr": 2,
        "ul ul li": 1,
        "ol li": 2,
    }.items():
        count(amy, selector, number)
        count(hana, selector, number)
    expect(amy.page.locator('[data-notice="paste.pictures"]')).to_be_visible()
    amy.go_to()
    amy.paste(html=(PASTED / "google-docs.html").read_text())
    count(hana, ".fn", 3)
    amy.paste(plain="plain 漢字 😀 한글")
    amy.paste(picture=True)
    amy.state("saved")
    until(lambda: hana.words() == amy.words())
    assert "Interruption log, *Annex C*." in draft.text()
    assert "😀" in draft.text()


def test_a_long_paste_is_cut_and_undone_as_one_step(sit_down):
    amy, hana = sit_down("amy"), sit_down("hana")
    amy.go_to()
    amy.paste(html="".join(f"<p>{number} {'word ' * 60}</p>" for number in range(300)))
    amy.state("saved")

    amy.press("Control+a", "Control+x")
    amy.state("saved")
    until(lambda: "There were" not in hana.words())
    amy.press("Control+z")

    hana.reads("299 word")
    assert "There were eleven" in hana.words()


def test_a_note_too_many_for_its_paragraph_stays_in_the_dialog(sit_down):
    amy = sit_down("amy")
    amy.go_to(0)
    amy.paste(html=f"<p>{'<span data-footnote=See></span>' * MAX_NOTES}</p>")
    count(amy, ".fn", MAX_NOTES)

    amy.command("footnote")
    amy.type("One more.")
    amy.press("Control+Enter")

    dialog = amy.page.locator("dialog[open]")
    expect(dialog).to_contain_text("This paragraph has 20 footnotes")
    expect(dialog.locator("textarea")).to_have_value("One more.")
    count(amy, ".fn", MAX_NOTES)


def test_a_note_that_is_too_long_stays_whole_in_the_dialog(sit_down):
    amy = sit_down("amy")
    amy.go_to(0)

    amy.command("footnote")
    amy.page.keyboard.insert_text("a" * 5001)
    amy.press("Control+Enter")

    dialog = amy.page.locator("dialog[open]")
    expect(dialog).to_contain_text("Use at most 4,000 characters. You have used 5,001.")
    expect(dialog.locator("textarea")).to_have_value("a" * 5001)


def test_a_note_is_written_changed_and_removed_while_others_write(sit_down):
    amy, hana = sit_down("amy"), sit_down("hana")
    amy.go_to(0)
    amy.command("footnote")
    hana.go_to(0, "Home")
    hana.type("Indeed, ")
    hana.state("saved")

    amy.type("A note with *italics*.")
    amy.press("Control+Enter")

    note = hana.page.locator(f"{TEXT} .fn")
    expect(note).to_have_attribute("data-footnote", "A note with *italics*.")
    assert hana.paragraphs()[1] == "Indeed, There were eleven interruptions."
    note.click()
    hana.page.locator("dialog textarea").fill("Changed.")
    hana.page.locator("dialog [data-do=save]").click()
    expect(amy.page.locator(f"{TEXT} .fn")).to_have_attribute(
        "data-footnote", "Changed."
    )
    note.click()  # selected by one when the other removes it
    amy.page.locator(f"{TEXT} .fn").click()
    amy.page.locator("dialog [data-do=remove]").click()
    count(hana, ".fn", 0)


def test_words_are_linked_and_a_wrong_address_is_refused(sit_down):
    amy, hana = sit_down("amy"), sit_down("hana")
    amy.go_to(0)
    amy.press(*["Shift+ArrowLeft"] * 14)

    amy.press("Control+k")
    amy.type("javascript:alert(1)")
    amy.press("Enter")
    expect(amy.page.locator("dialog [role=alert]")).to_contain_text("full address")
    amy.page.locator("dialog input").fill("example.org/report")
    amy.press("Enter")

    link = hana.page.locator(f"{TEXT} a")
    expect(link).to_have_attribute("href", "https://example.org/report")
    expect(link).to_contain_text("interruptions.")


def shape(desk):
    """Count the cells of each row."""
    return desk.page.locator(f"{TEXT} tr").evaluate_all(
        "rows => rows.map(row => row.children.length)"
    )


def test_two_people_change_one_table_at_once(sit_down):
    amy, hana = sit_down("amy"), sit_down("hana")
    amy.go_to()
    amy.command("table")
    amy.type("Step")
    amy.press("Tab")
    amy.type("By")
    count(hana, "th", 3)
    hana.page.locator(f"{TEXT} td").first.click()

    amy.command("row-after")
    hana.command("column-after")

    for desk in (amy, hana):
        count(desk, "tr", 4)
    until(lambda: shape(amy) == shape(hana))
    amy.command("table-delete")
    count(hana, "table", 0)
