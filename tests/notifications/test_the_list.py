"""The list of notices, and the count that stands in the bar of every page."""

import re

import pytest
from sqlalchemy import select, update

from tests import cast
from tests.deciding.building import a_ballot, a_section, person
from tests.notifications.notices import (
    count_in_the_bar,
    hanas_notice,
    write_notices,
)
from workgroup.accounts.models import User
from workgroup.cohorts import promises
from workgroup.cohorts import services as cohorts
from workgroup.cohorts.attribution import DECIDED, Mode
from workgroup.database import db
from workgroup.discussion import services as discussion
from workgroup.discussion.quotations import Quotation
from workgroup.drafting.models import Section
from workgroup.lifecycle import flow
from workgroup.lifecycle.queries import surfaces_in_use

HOME = f"/c/{cast.SLUG}/"


def answered(app):
    """Write an answer of Amy's to a thread of Hana's; return section and thread."""
    with app.app_context():
        section = a_section()
        thread = discussion.open_thread(
            section, person("hana"), "Why so?", Quotation("", "", "")
        )
        discussion.reply(thread, person("amy"), "UNREADABLE-ANSWER")
        db.session.commit()
        write_notices()
        return section.id, thread.public_id


def test_a_notice_says_what_happened_and_leads_there(as_, opened):
    page = as_("hana").get("/notices")

    assert "Olivia Okafor asks for your vote on “Women’s empowerment”." in page.text
    assert f'href="/c/{cast.SLUG}/ballots/{opened}"' in page.text
    assert "JST" in page.text
    assert "Unread" in page.text


def test_somebody_without_a_name_is_not_named_by_the_address(app, as_, opened):
    with app.app_context():
        db.session.execute(
            update(User)
            .where(User.email == cast.address("olivia"))
            .values(printed_name="")
        )
        db.session.commit()

    page = as_("hana").get("/notices")

    assert "Name not given asks for your vote" in page.text
    assert "olivia@" not in page.text


def test_the_bar_of_every_page_counts_what_is_unread(as_, opened):
    assert count_in_the_bar(as_("hana").get(HOME)) == 1
    assert count_in_the_bar(as_("hana").get("/account/profile")) == 1
    assert count_in_the_bar(as_("olivia").get(HOME)) == 0


def test_opening_the_ballot_marks_its_notice_as_read_on_every_device(app, as_, opened):
    phone, desk = as_("hana"), as_("hana")
    page = phone.get(f"/c/{cast.SLUG}/ballots/{opened}")
    assert 'hx-post="/notices/seen"' in page.text
    assert f'"ballot_id": {opened}' in page.text

    answer = phone.post("/notices/seen", data={"ballot_id": opened})

    assert "all read" in answer.text
    assert count_in_the_bar(desk.get(HOME)) == 0
    assert (
        'hx-post="/notices/seen"'
        not in desk.get(f"/c/{cast.SLUG}/ballots/{opened}").text
    )


def test_opening_the_text_reads_no_reply_and_opening_the_thread_does(app, as_):
    section_id, thread_id = answered(app)
    hana = as_("hana")
    here = f"/c/{cast.SLUG}/sections/{section_id}/"

    for_the_text = hana.get(here)
    for_the_thread = hana.get(f"{here}?thread={thread_id}")
    listed = hana.get("/notices")

    assert "/notices/seen" not in for_the_text.text
    assert f'"thread": "{thread_id}"' in for_the_thread.text
    assert f'href="{here}?thread={thread_id}#thread-{thread_id}"' in listed.text
    assert "UNREADABLE-ANSWER" not in listed.text


def test_a_notice_about_the_cohort_is_read_on_its_own_page_and_on_no_other(app, as_):
    with app.app_context():
        unnamed = dict.fromkeys(DECIDED, Mode.NONE)
        promises.set_modes(person("olivia"), unnamed, surfaces_in_use)
        db.session.commit()
        write_notices()
    hana, people = as_("hana"), f"/c/{cast.SLUG}/people"

    elsewhere = [hana.get(page).text for page in (HOME, "/account/profile", "/notices")]
    hana.post("/notices/seen", data={})
    hana.post("/notices/seen", data={"people": "another-cohort"})
    hana.post("/notices/seen", data={"people": "\0"})
    unread = count_in_the_bar(hana.get(HOME))
    there = hana.get(people).text
    hana.post("/notices/seen", data={"people": cast.SLUG})

    assert all("/notices/seen" not in page for page in elsewhere)
    assert unread == 1
    assert f'"people": "{cast.SLUG}"' in there
    assert count_in_the_bar(hana.get(HOME)) == 0


def test_a_former_member_no_longer_sees_notices_of_the_cohort(app, as_, opened):
    with app.app_context():
        cohorts.remove(person("olivia"), person("hana"))
        db.session.commit()

    page = as_("hana").get("/notices")

    assert "empowerment" not in page.text
    assert "No notices yet" in page.text
    assert count_in_the_bar(page) == 0


def test_of_a_section_that_is_gone_nothing_is_listed(app, as_):
    section_id, _ = answered(app)
    with app.app_context():
        notice = hanas_notice()
        notice.section_id = section_id + 100
        db.session.commit()

    page = as_("hana").get("/notices")

    assert "No notices yet" in page.text
    assert count_in_the_bar(page) == 0


def test_what_was_made_for_another_cohort_never_shows(app, as_, opened):
    """Even a row that names a stranger shows nothing: the reader's membership decides."""
    with app.app_context():
        sam = db.session.scalars(
            select(User).where(User.email == cast.address("sam"))
        ).one()
        hanas_notice().user_id = sam.id
        db.session.commit()

    page = as_("sam").get("/notices")

    assert "empowerment" not in page.text
    assert count_in_the_bar(page) == 0


def test_the_list_is_paged(app, as_, monkeypatch):
    monkeypatch.setattr("workgroup.notifications.views.PAGE", 2)
    with app.app_context():
        for number in range(3):
            a_ballot(f"Section {number}")
        db.session.commit()
        write_notices()
    hana = as_("hana")

    newest = hana.get("/notices")
    older = hana.get(re.search(r"/notices\?before=\d+", newest.text)[0])

    assert [f"Section {n}" in newest.text for n in range(3)] == [False, True, True]
    assert [f"Section {n}" in older.text for n in range(3)] == [True, False, False]
    assert "Older notices" not in older.text


@pytest.mark.parametrize("before", ["x", "-1", "99999999999999999999", ""])
def test_a_strange_address_of_the_list_is_no_failure(as_, opened, before):
    assert as_("hana").get("/notices", query_string={"before": before}).status_code in {
        200,
        404,
    }


def test_a_page_asks_again_in_one_small_answer_or_in_none(as_, opened, counted_queries):
    hana = as_("hana")

    with counted_queries() as seen:
        fresh = hana.get("/notices/count?shown=0")
    same = hana.get("/notices/count?shown=1")

    assert len(seen) == 2  # the person, the count
    assert len(fresh.data) < 1024
    assert "Notices, one unread" in fresh.text
    assert (same.status_code, same.data) == (204, b"")


def test_a_signed_out_page_gets_no_sign_in_page_into_its_bar(app, opened):
    by_itself = {"HX-Request": "true", "X-By-Itself": "yes"}

    answer = app.test_client().get("/notices/count?shown=1", headers=by_itself)

    assert (answer.status_code, answer.data) == (204, b"")


def test_the_list_asks_a_constant_number_of_queries(app, as_, counted_queries):
    with app.app_context():
        for number in range(20):
            a_ballot(f"Section {number}")
        db.session.commit()
        write_notices()

    with counted_queries() as seen:
        page = as_("hana").get("/notices")

    assert page.text.count("Unread</span>") == 20
    assert len(seen) == 3, seen  # the person, the notices, the count in the bar


def test_a_deadline_shows_while_the_ballot_takes_votes(app, as_, opened):
    hana = as_("hana")
    before = hana.get("/notices").text
    with app.app_context():
        section = db.session.scalars(select(Section)).one()
        flow.reopen(section, person("olivia"), "A figure is wrong.")
        db.session.commit()
        write_notices()

    after = hana.get("/notices").text

    assert "The ballot closes" in before
    assert "The ballot closes" not in after
