"""One comment costs an open page one small request, however long the discussion is."""

import re
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests import cast
from tests.cast import person
from tests.discussion.many import discuss
from tests.pace import measured
from workgroup import clock
from workgroup.database import db
from workgroup.discussion import queries, services
from workgroup.discussion.kinds import Audience
from workgroup.discussion.models import Comment, Thread
from workgroup.discussion.quotations import Quotation
from workgroup.drafting.models import Section

HTMX = {"HX-Request": "true"}
KILOBYTE = 1024
AT = f"/c/{cast.SLUG}"


def list_of(section_id):
    return f"{AT}/sections/{section_id}/threads"


def shown(page):
    return re.findall(r'data-thread="([\w-]+)"', page)


def cursor(page):
    return int(re.search(r'data-changed="(\d+)"', page)[1])


@contextmanager
def counted_rows():
    """Count the threads and comments that are loaded."""
    loaded = []

    def note(row, _context):
        loaded.append(row)

    for table in (Thread, Comment):
        event.listen(table, "load", note)
    yield loaded
    for table in (Thread, Comment):
        event.remove(table, "load", note)


@pytest.fixture
def ids(app, stored):
    """A thousand threads on the section, of which the first forty are resolved."""
    with app.app_context():
        ids = discuss(stored, person("hana"), resolved=40)
        db.session.commit()
    return ids


def speak(app, public_id, name="hana", words="One more thing."):
    with app.app_context():
        author = person(name)
        services.reply(queries.find_thread(author, public_id), author, words)
        db.session.commit()


@pytest.mark.both_databases
def test_a_comment_among_a_thousand_costs_one_small_card(
    app, as_, stored, ids, counted_queries
):
    amy = as_("amy")
    before = cursor(amy.get(list_of(stored), headers=HTMX | {"HX-Request": ""}).text)
    speak(app, ids[500])

    with counted_queries() as seen, counted_rows() as rows:
        answer = amy.get(f"{list_of(stored)}?after={before}", headers=HTMX)

    assert shown(answer.text) == [ids[500]]
    assert "One more thing." in answer.text
    assert len(answer.data) < 8 * KILOBYTE
    assert len(rows) == 3  # the thread, its first comment and its last
    # who is signed in, membership, section, what changed, what is said at its ends, counts
    assert len(seen) == 6, seen
    again = amy.get(f"{list_of(stored)}?after={cursor(answer.text)}", headers=HTMX)
    assert (again.status_code, again.data) == (204, b"")


def test_a_comment_among_a_thousand_costs_fifteen_milliseconds(app, as_, stored, ids):
    """Of this thread's processor time alone, and the least of ten: others work here too."""
    amy, times = as_("amy"), []
    before = cursor(amy.get(list_of(stored)).text)
    speak(app, ids[500])

    with measured() as spent:
        for _ in range(10):
            began = time.thread_time()
            answer = amy.get(f"{list_of(stored)}?after={before}", headers=HTMX)
            times.append(time.thread_time() - began)

    assert shown(answer.text) == [ids[500]]
    assert min(times) / spent.slowness < 0.015


def test_the_page_of_a_thousand_comments_is_bounded(app, as_, stored, ids):
    amy = as_("amy")
    amy.get(f"{AT}/sections/{stored}/")  # its text is read in a child once

    with counted_rows() as rows:
        page = amy.get(f"{AT}/sections/{stored}/")

    assert shown(page.text) == ids[-50:]
    assert "Show 40 resolved threads" in page.text
    assert len(page.data) < 160 * KILOBYTE
    assert len([row for row in rows if isinstance(row, Comment)]) == 50
    [elsewhere] = re.findall(r'data-elsewhere="([^"]*)"', page.text)
    assert elsewhere.split() == [one[:6] for one in ids[40:-50]]


def test_plain_links_lead_through_a_thousand_threads(as_, stored, ids):
    oscar, url = as_("oscar"), list_of(stored)
    walked = []
    while url:
        page = oscar.get(url).text
        walked = shown(page) + walked
        link = re.search(r'href="([^"]*before=[^"]*)"', page)
        url = link and link[1].replace("&amp;", "&")

    assert walked == ids[40:]
    assert shown(oscar.get(f"{list_of(stored)}?resolved=1").text) == ids[:40]


def test_plain_links_lead_through_a_long_thread(app, as_, stored):
    with app.app_context():
        [id_] = discuss(stored, person("hana"), threads=1, comments=120)
        db.session.commit()
    oscar = as_("oscar")

    card = oscar.get(list_of(stored)).text
    newest = oscar.get(f"{AT}/threads/{id_}").text
    earlier = oscar.get(f"{AT}/threads/{id_}?before=71").text
    first = oscar.get(f"{AT}/threads/{id_}?before=21", headers=HTMX).text

    assert "Show 118 earlier comments" in card
    assert re.findall(r"\((\d+)\)", card) == ["1", "120"]
    assert re.findall(r"\((\d+)\)</div>", newest) == ["1", *map(str, range(71, 121))]
    assert "Show 69 earlier comments" in newest
    assert re.findall(r"\((\d+)\)</div>", earlier) == ["1", *map(str, range(21, 71))]
    assert "Show the latest comments" in earlier
    assert re.findall(r"\((\d+)\)</div>", first) == [*map(str, range(2, 21))]
    assert "earlier comment" not in first


def test_a_page_that_slept_gets_the_newest_and_asks_no_more(app, as_, stored, ids):
    with app.app_context():
        amy = person("amy")
        for one in ids[40:100]:
            services.reply(queries.find_thread(amy, one), amy, "And?")
        db.session.commit()

    answer = as_("amy").get(f"{list_of(stored)}?after=0", headers=HTMX)

    assert shown(answer.text) == ids[-50:]
    assert "data-elsewhere" in answer.text
    later = as_("amy").get(
        f"{list_of(stored)}?after={cursor(answer.text)}", headers=HTMX
    )
    assert later.status_code == 204


@pytest.mark.both_databases
def test_changes_at_one_moment_have_different_numbers(app, stored, monkeypatch):
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    with app.app_context():
        section, hana = db.session.get(Section, stored), person("hana")
        opened = [
            services.open_thread(section, hana, "?", Quotation()) for _ in range(3)
        ]
        services.resolve(opened[0], hana)
        db.session.commit()
        changed = [one.changed for one in opened]

    assert changed[1] < changed[2] < changed[0]


def test_private_threads_of_others_change_nothing(app, as_, stored):
    with app.app_context():
        section = db.session.get(Section, stored)
        services.open_thread(section, person("amy"), "?", Quotation())
        db.session.commit()
    before = as_("amy").get(list_of(stored)).text
    with app.app_context():
        section = db.session.get(Section, stored)
        services.open_thread(
            section, person("hana"), "?", Quotation(), audience=Audience.DELEGATION
        )
        db.session.commit()

    answer = as_("amy").get(f"{list_of(stored)}?after={cursor(before)}", headers=HTMX)

    assert answer.status_code == 204
    assert cursor(as_("amy").get(list_of(stored)).text) == cursor(before)


@pytest.mark.parametrize("after", ["-1", "x", "", "9" * 40])
def test_a_number_that_nobody_gave_out_is_no_error(as_, stored, after):
    answer = as_("amy").get(f"{list_of(stored)}?after={after}", headers=HTMX)

    assert answer.status_code in {200, 204}


def test_the_standing_costs_little(as_, stored, ids, counted_queries):
    amy, oscar = as_("amy"), as_("oscar")
    text = oscar.get(f"{AT}/sections/{stored}/").text
    [again] = re.findall(r'hx-get="([^"]*/text\?seen=[^"]*)"', text)

    with counted_queries() as seen, counted_rows() as rows:
        standing = amy.get(f"{AT}/sections/{stored}/standing", headers=HTMX)

    assert "Draft" in standing.text
    assert len(standing.data) < 4 * KILOBYTE
    assert rows == []
    assert len(seen) == 4, seen  # who is signed in, membership, section, newest version
    assert oscar.get(again, headers=HTMX).status_code == 204
    assert "Korea" in oscar.get(again + "0", headers=HTMX).text
