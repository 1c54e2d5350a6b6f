"""The demo's pages open for its people, and say that all of it is invented."""

import html
import re

import pytest
from sqlalchemy import select

from workgroup.drafting.models import Section

READERS = ("castellane", "thornbury", "kisaragi", "seomun", "pemberwick", "graywether")
PAGES = (
    "/c/trilateral/",
    "/c/trilateral/report",
    "/c/trilateral/people",
    "/c/trilateral/ballots",
    "/c/trilateral/ballots/17",
    "/c/trilateral/ballots/11",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", READERS)
def test_a_page_of_the_cohort_opens(page_of, who, path):
    page = page_of(who, path)

    assert page.status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_that_the_people_are_invented(page_of, path):
    page = page_of("thornbury", path)

    assert "comments, and votes are invented" in page.text


def test_every_section_opens_and_shows_its_title(page_of, history):
    rows = history.execute(select(Section.id, Section.title)).all()
    history.rollback()  # a page needs the database to itself

    for section_id, title in rows:
        page = page_of("graywether", f"/c/trilateral/sections/{section_id}/")
        assert page.status_code == 200
        assert title in page.text


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        ("/c/trilateral/setup", [200, 403, 403, 403, 403, 403]),
        ("/c/trilateral/exports/", [200, 403, 403, 403, 200, 403]),
    ],
)
def test_a_page_for_some_roles_opens_only_for_them(page_of, path, codes):
    assert [page_of(who, path).status_code for who in READERS] == codes


def test_a_section_shows_its_threads(page_of, history, text):
    thread = text.threads[0]
    title = text.section(thread.section).title
    section_id = history.scalars(select(Section.id).where(Section.title == title)).one()
    history.rollback()

    page = page_of("seomun", f"/c/trilateral/sections/{section_id}/threads")

    assert page.status_code == 200
    assert thread.quote in page.text
    *earlier, last = thread.comments
    assert last.text in page.text
    link = re.search(r'href="([^"]+)"[^>]*>Show [^<]*earlier comment', page.text)
    before = page_of("seomun", html.unescape(link[1]))
    assert all(comment.text in before.text for comment in earlier)
