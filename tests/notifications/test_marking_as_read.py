"""Notices are marked as read: one, or all of one person, and nobody else's."""

import re

import pytest
from sqlalchemy import select

from tests.deciding.building import a_ballot, person
from tests.notifications.notices import (
    count_in_the_bar,
    hanas_notice,
    names,
    write_notices,
)
from workgroup import bus, clock
from workgroup.bus import Aspect
from workgroup.database import db
from workgroup.notifications import queries
from workgroup.notifications.kinds import MailState, NoticeKind
from workgroup.notifications.models import Notice


def unread_notices():
    """Return the ids of everybody's unread notices."""
    return set(db.session.scalars(select(Notice.id).where(Notice.read_at.is_(None))))


def read_all(client, page="/notices"):
    """Press "Mark all as read" as a page shows it."""
    newest = re.search(r'name="up_to" value="(\d+)"', client.get(page).text)
    data = {"up_to": newest[1]} if newest else {}
    return client.post("/notices/read", data=data, follow_redirects=True)


def test_one_notice_and_all_notices_can_be_marked_as_read_without_script(
    app, as_, opened
):
    with app.app_context():
        a_ballot("Space policy")
        db.session.commit()
        write_notices()
        first = db.session.scalars(
            select(Notice.id).where(Notice.user_id == person("hana").user_id)
        ).first()
        unread = unread_notices()
    hana = as_("hana")

    hana.post(f"/notices/{first}/read")
    with app.app_context():
        left = unread_notices()
    one_left = count_in_the_bar(hana.get("/notices"))
    answer = read_all(hana)

    assert left == unread - {first}
    assert one_left == 1
    assert "The notices are marked as read." in answer.text
    assert count_in_the_bar(answer) == 0


def test_a_notice_that_was_read_keeps_its_moment_and_refreshes_no_page(
    app, as_, opened
):
    hana = as_("hana")
    read_all(hana)
    with app.app_context():
        notice = hanas_notice()
        topic = bus.topic(Aspect.NOTICES, notice.user_id)
        read_at, revision = notice.read_at, bus.revisions([topic])

    hana.post(f"/notices/{notice.id}/read")
    read_all(hana)

    with app.app_context():
        assert hanas_notice().read_at == read_at
        assert bus.revisions([topic]) == revision


@pytest.mark.parametrize(
    ("before", "after"),
    [(MailState.WAITING, MailState.NONE), (MailState.SENT, MailState.SENT)],
)
def test_what_is_read_waits_for_no_mail_and_what_was_mailed_stays_so(
    app, as_, opened, before, after
):
    with app.app_context():
        notice = hanas_notice()
        notice.mail = before
        notice.mailed_at = clock.now() if before is MailState.SENT else None
        db.session.commit()

    read_all(as_("hana"))

    with app.app_context():
        assert hanas_notice().mail == after


def test_nobody_marks_a_notice_of_somebody_else(app, as_, opened):
    with app.app_context():
        notice_id = hanas_notice().id

    answer = as_("amy").post(f"/notices/{notice_id}/read")

    assert answer.status_code == 404
    with app.app_context():
        assert names(NoticeKind.BALLOT_OPENED, unread=True) >= {"hana"}


def test_an_open_page_fetches_the_count_when_a_notice_comes_or_is_read(
    app, as_, opened
):
    with app.app_context():
        topic = bus.topic(Aspect.NOTICES, person("hana").user_id)
        came = bus.revisions([topic])

    read_all(as_("hana"))

    with app.app_context():
        assert came == {topic: 1}
        assert bus.revisions([topic]) == {topic: 2}


def test_what_comes_after_the_page_was_shown_stays_unread(app, as_, opened):
    """Nobody has seen it, and its mail still has to go out."""
    hana = as_("hana")
    page = hana.get("/notices").text
    up_to = re.search(r'name="up_to" value="(\d+)"', page)[1]
    with app.app_context():
        a_ballot("Space policy")
        db.session.commit()
        write_notices()
        came = unread_notices()

    hana.post("/notices/read", data={"up_to": up_to})

    with app.app_context():
        left = unread_notices()
    assert count_in_the_bar(hana.get("/notices")) == 1
    assert left < came


def test_all_are_marked_as_read_from_an_older_page_of_the_list(app, as_, opened):
    with app.app_context():
        a_ballot("Space policy")
        db.session.commit()
        write_notices()
        newest = queries.newest_number(person("hana").user_id)
    hana = as_("hana")

    read_all(hana, f"/notices?before={newest}")

    assert count_in_the_bar(hana.get("/notices")) == 0
