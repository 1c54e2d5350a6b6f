"""A page that stated fewer names asks to be loaded again, and no word of it is lost."""

import pytest
from playwright.sync_api import expect

from tests import cast
from tests.deciding.building import person
from tests.editor.desk import TEXT, Draft
from workgroup.cohorts.attribution import DECIDED, Mode
from workgroup.database import db

pytestmark = pytest.mark.browser

NOTICE = '[data-notice="reload"]'
SENTENCE = (
    "The way people are named has changed. Reload this page to continue; "
    "what you wrote is kept on this device."
)


@pytest.fixture
def unnamed(server):
    """A draft on a server of its own, in a cohort that names nobody yet."""
    draft = Draft(server)
    with draft.app.app_context():
        cohort = person("olivia").cohort
        for surface in DECIDED:
            setattr(cohort, f"names_{surface.value}", Mode.NONE)
        db.session.commit()
    return draft


def name_people(olivia, mode):
    """Decide on the page how people are named while they write."""
    olivia.page.goto(f"{olivia.draft.server.url}/c/{cast.SLUG}/setup/names")
    olivia.page.locator("[name=names_live]").select_option(mode.value)
    olivia.page.locator("main form button[type=submit]").click()
    expect(olivia.page.locator("body")).to_contain_text("Saved.")


def reload_as_asked(desk):
    expect(desk.page.locator(NOTICE)).to_contain_text(SENTENCE)
    desk.editable(yes=False)
    expect(desk.page.locator(".unsent")).to_have_count(0)  # nothing to copy by hand
    desk.page.locator(NOTICE).get_by_role("button").click()
    desk.page.locator(TEXT).wait_for()
    desk.state("saved")
    expect(desk.page.locator(NOTICE)).to_have_count(0)


def test_words_of_a_page_that_stated_fewer_names_go_out_once_after_the_reload(
    sit_down, unnamed
):
    amy, hana = sit_down("amy", unnamed), sit_down("hana", unnamed)
    olivia = sit_down("olivia", unnamed)
    amy.state("saved")
    hana.state("saved")
    amy.context.set_offline(True)
    amy.go_to()
    amy.type("under no name")
    amy.state("unsaved")

    name_people(olivia, Mode.NAMED)

    reload_as_asked(hana)  # at once, for she is connected
    amy.context.set_offline(False)
    expect(amy.page.locator(NOTICE)).to_be_visible()
    assert "under no name" not in unnamed.text()
    reload_as_asked(amy)
    hana.reads("under no name")
    assert unnamed.text().count("under no name") == 1


def test_words_after_a_change_to_fewer_names_are_tied_to_none_before_it(
    sit_down, server
):
    draft = Draft(server)
    amy, olivia = sit_down("amy", draft), sit_down("olivia", draft)
    amy.go_to()
    amy.type("under my name")
    amy.state("saved")
    before = draft.writers("amy")

    name_people(olivia, Mode.NONE)

    reload_as_asked(amy)
    amy.go_to()
    amy.type("under no name")
    amy.state("saved")
    amy.reads("under no name")
    assert len(before) == 1
    assert len(draft.writers("amy") - before) == 1
