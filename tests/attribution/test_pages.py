"""Where a cohort hides names, no page, mail or document distinguishes two people.

Two worlds are made that differ in one thing: what one person did in the first, another
did in the second. Where nothing may show, every byte that a third one gets is the same.
"""

import json

import pytest
from sqlalchemy import select

from tests import cast
from tests.attribution.worlds import (
    ALWAYS_NAMED,
    FILES,
    NAMES,
    NOW,
    differing,
    plain,
)
from tests.notifications import mailbox
from tests.test_authorization import addresses
from workgroup.cohorts.attribution import Mode
from workgroup.cohorts.models import Cohort
from workgroup.database import db
from workgroup.deciding.models import Ballot
from workgroup.drafting.models import Report
from workgroup.jobs.worker import Worker
from workgroup.notifications import jobs as notifications
from workgroup.publishing.assemble import assemble


def everything(app, as_, world, reader):
    """Return what a reader gets from each page that can be opened, and its headers."""
    found = {}
    for furniture in (world.furniture, world.ended):
        for asked in addresses(app, furniture):
            if asked.method != "GET" or asked.endpoint.startswith(FILES):
                continue
            if (asked.endpoint, asked.address) in found:
                continue
            found[asked.endpoint, asked.address] = plain(asked.by(as_(reader)))
    return found


@pytest.mark.parametrize("reader", ["hana", "olivia"])
@pytest.mark.parametrize(
    ("mode", "others"),
    [(Mode.NONE, ("amy", "nao")), (Mode.DELEGATION, ("amy", "nao"))],
)
def test_no_page_reveals_which_of_two_people_did_it(
    app, as_, made, mode, others, reader
):
    first, second = others
    one = everything(app, as_, made(first, second, mode), reader)
    other = everything(app, as_, made(second, first, mode), reader)

    assert differing(one, other) == set()


def test_pages_that_name_people_reveal_it(app, as_, made):
    one = everything(app, as_, made("amy", "nao", Mode.NAMED), "olivia")
    other = everything(app, as_, made("nao", "amy", Mode.NAMED), "olivia")

    assert {endpoint for endpoint, _ in differing(one, other)} >= {
        "discussion.threads",
        "lifecycle.workspace",
        "drafting.version",
        "deciding.show",
        "publishing.index",
        "publishing.show",
    }


@pytest.mark.parametrize("mode", [Mode.NONE, Mode.DELEGATION])
def test_no_page_but_those_about_people_holds_a_name(app, as_, made, mode):
    world = made("amy", "minjun", mode)
    leaks = []

    for reader in ("hana", "olivia"):
        for (endpoint, address), text in everything(app, as_, world, reader).items():
            if ALWAYS_NAMED.match(endpoint):
                continue
            for name, words in NAMES.items():
                shown = [word for word in words if word in text and name != reader]
                if shown:
                    leaks.append((reader, endpoint, address, shown))

    assert leaks == []


def test_a_notice_of_how_people_are_named_is_among_the_pages(app, as_, made):
    made("amy", "minjun", Mode.NONE)

    assert "Someone changed how people are named" in as_("hana").get("/notices").text


def test_everybody_finds_what_is_their_own(app, as_, made):
    world = made("amy", "minjun", Mode.NONE)

    pages = everything(app, as_, world, "hana")

    talk = [text for (end, _), text in pages.items() if end.startswith("discussion.")]
    assert max(text.count('<div class="nm">You</div>') for text in talk) == 1


@pytest.mark.parametrize("mode", [Mode.NONE, Mode.DELEGATION])
def test_no_mail_names_anybody(app, made, post, mode):
    made("amy", "minjun", mode)
    app.config["SMTP_URL"] = post.url

    with app.app_context():
        notifications.mail_at_once()
    worker = Worker(app, app.extensions["schedule"])
    while worker.run_next_job():
        pass
    mails = [
        one["Subject"] + mailbox.text(one) + mailbox.html(one) for one in post.messages
    ]
    assert any("comment" in mail for mail in mails)
    for words in NAMES.values():
        assert [mail for mail in mails if any(word in mail for word in words[:2])] == []


@pytest.mark.parametrize(
    ("mode", "members"), [(Mode.NONE, None), (Mode.DELEGATION, "2 members")]
)
def test_the_file_holds_no_name(app, made, mode, members):
    made("amy", "minjun", mode)

    with app.test_request_context():
        cohort = db.session.scalars(
            select(Cohort).where(Cohort.slug == cast.SLUG)
        ).one()
        report = db.session.scalars(
            select(Report).where(Report.cohort_id == cohort.id)
        ).one()
        text = json.dumps(assemble(report, cohort, NOW).to_json(), ensure_ascii=False)
    assert [word for words in NAMES.values() for word in words if word in text] == []
    assert "Institute of Nao" not in text
    assert members is None or members in text


def test_an_open_and_an_ended_ballot_are_among_the_pages(app, made):
    made("amy", "minjun", Mode.NONE)

    with app.app_context():
        assert {one.has_ended for one in db.session.scalars(select(Ballot))} == {True, False}  # fmt: skip
