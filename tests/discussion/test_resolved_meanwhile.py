"""A thread that somebody else has resolved, for anyone who has it open beside the text."""

import pytest

from tests import cast
from tests.cast import person
from workgroup.database import db
from workgroup.discussion import services
from workgroup.discussion.quotations import Quotation
from workgroup.drafting.models import Section

HTMX = {"HX-Request": "true"}
WORDS = "A reply that took me twenty minutes."


@pytest.fixture
def resolved(app, stored):
    """Where the thread is that Hana began and Minjun resolved."""
    with app.app_context():
        section, hana = db.session.get(Section, stored), person("hana")
        thread = services.open_thread(section, hana, "Why?", Quotation("five days"))
        services.resolve(thread, person("minjun"))
        db.session.commit()
        return f"/c/{cast.SLUG}/threads/{thread.public_id}"


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_it_shows_who_resolved_it(as_, resolved, headers):
    page = as_("amy").get(resolved, headers=headers)

    assert page.status_code == 200
    assert "Minjun Ma" in page.text.partition("Resolved by ")[2][:200]


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_late_reply_is_refused_with_its_words(as_, resolved, headers):
    page = as_("amy").post(f"{resolved}/reply", data={"body": WORDS}, headers=headers)

    assert page.status_code == 409
    assert WORDS in page.text


def test_resolving_it_once_more_keeps_who_was_first(as_, resolved):
    page = as_("amy").post(f"{resolved}/resolve", headers=HTMX)

    assert page.status_code == 200
    assert "Minjun Ma" in page.text.partition("Resolved by ")[2][:200]


def test_the_person_who_resolves_it_is_named_at_once(as_, resolved):
    amy = as_("amy")
    reopened = amy.post(f"{resolved}/reopen", headers=HTMX)
    page = amy.post(f"{resolved}/resolve", headers=HTMX)

    assert "Resolved by" not in reopened.text
    assert "Amy" in page.text.partition("Resolved by ")[2][:200]
