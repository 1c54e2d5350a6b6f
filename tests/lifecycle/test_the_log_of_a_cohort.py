"""What an organizer reads in the log: what each act was done to, and nothing of others' private threads."""

import re

import pytest
from sqlalchemy import select

from tests import cast
from tests.deciding.building import a_section, person
from tests.furniture import furnish
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.database import db
from workgroup.discussion import services as discussion
from workgroup.discussion.kinds import Audience
from workgroup.discussion.models import Comment, Thread
from workgroup.discussion.quotations import Quotation
from workgroup.drafting import arranging
from workgroup.lifecycle import history

LOG = f"/c/{cast.SLUG}/log"
SECRET = "We can give up the second sentence."


def opened(as_, name="olivia"):
    return as_(name).post(LOG, follow_redirects=True).text


def record(member, done):
    """Put acts into the log of the member's cohort, as done by the member."""
    for act, subject_id in done:
        acts.note(
            act, subject_id,
            by=member.user_id, cohort_id=member.cohort_id, stream_id=1,
        )  # fmt: skip
    db.session.commit()


def lines(page):
    """Return the words of each row's last cell, with the address that it leads to."""
    cells = re.findall(r'data-l="What">(.*?)</td>', page, re.DOTALL)
    found = []
    for cell in cells:
        words = " ".join(re.sub(r"<[^>]+>", " ", cell).split())
        address = re.search(r'href="([^"]+)"', cell)
        found.append((words, address and address[1]))
    return found


@pytest.mark.both_databases
def test_every_kind_of_subject_is_named_and_can_be_opened(app, as_):
    with app.app_context():
        furniture = furnish(cast.SLUG, "CANARY")
        ids, olivia = furniture.ids, person("olivia")
        thread = db.session.scalars(select(Thread)).one()
        comment = db.session.scalars(select(Comment)).one()
        report_id = 1
        done = [
            (Act.SECTION_FROZEN, ids["frozen_id"]),
            (Act.BALLOT_OPENED, ids["ballot_id"]),
            (Act.THREAD_OPENED, thread.id),
            (Act.COMMENT_ADDED, comment.id),
            (Act.EXPORT_REQUESTED, ids["export_id"]),
            (Act.MEMBERSHIP_CHANGED, person("hana").id),
            (Act.INVITATION_SENT, ids["invitation_id"]),
            (Act.DELEGATION_ADDED, ids["delegation_id"]),
            (Act.SUBGROUP_ADDED, ids["subgroup_id"]),
            (Act.TITLE_PAGE_CHANGED, report_id),
            (Act.COHORT_RENAMED, olivia.cohort_id),
            (Act.TEXT_SET_ASIDE, db.session.get_one(Thread, thread.id).section_id),
        ]
        record(olivia, done)

    shown = lines(opened(as_))

    names = dict(reversed(shown))
    assert names["Section frozen CANARY section 3"]
    assert names["Ballot opened CANARY section 2, version 1"]
    assert names["Thread started Thread on “CANARY section 1”"]
    assert names["Comment added Thread on “CANARY section 1”"]
    assert names["Roles, delegation or subgroup changed Hana Hoshino"]
    assert names["Invitation sent canary@cast.example"]
    assert names["Delegation added CANARY"]
    assert names["Subgroup added CANARY subgroup"]
    assert names["Title page changed CANARY report"]
    assert len([words for words, address in shown if address]) == len(done)
    for _words, address in shown:
        assert address is None or as_("olivia").get(address).status_code == 200


def test_what_was_removed_is_marked_as_removed(app, as_):
    with app.app_context():
        olivia, section = person("olivia"), a_section("Energy")
        record(olivia, [(Act.SECTION_ADDED, section.id)])
        arranging.remove_section(section, olivia)
        db.session.commit()

    assert lines(opened(as_))[1:] == [
        ("Section removed Removed since then", None),
        ("Section added Removed since then", None),
    ]


@pytest.mark.both_databases
@pytest.mark.parametrize("audience", [Audience.DELEGATION, Audience.SUBGROUP])
def test_private_threads_leave_no_line_and_no_shorter_page(app, monkeypatch, audience):
    monkeypatch.setattr(history, "AT_ONCE", 4)
    with app.app_context():
        section, hana, olivia = a_section(), person("hana"), person("olivia")
        for number in range(6):
            discussion.open_thread(section, hana, f"{number}", Quotation())
            private = discussion.open_thread(
                section, hana, SECRET, Quotation("once a year"), audience=audience
            )
            discussion.reply(private, hana, SECRET)
        db.session.commit()

        first = history.page(olivia, None)
        own = history.page(hana, None)

        assert [one.what for one in first.entries] == ["Thread started"] * 4
        assert len(history.page(olivia, first.older).entries) == 2
        assert {one.what for one in own.entries} == {
            "Thread started",
            "Comment added",
        }


def test_an_organizer_among_them_sees_where_they_talk_and_never_what(app, as_):
    with app.app_context():
        hana = person("hana")
        hana.roles = hana.roles | person("olivia").roles
        discussion.open_thread(
            a_section("Energy"), hana, SECRET, Quotation("once a year"),
            audience=Audience.DELEGATION,
        )  # fmt: skip
        db.session.commit()

    page = opened(as_, "hana")

    assert ("Thread started Thread on “Energy”") in [words for words, _ in lines(page)]
    assert SECRET not in page
    assert "once a year" not in page


def test_nothing_of_another_cohort_is_named(app, as_):
    with app.app_context():
        theirs = furnish(cast.OTHER_SLUG, "CANARY").ids
        olivia = person("olivia")
        foreign = [
            (Act.SECTION_FROZEN, theirs["section_id"]),
            (Act.BALLOT_OPENED, theirs["ballot_id"]),
            (Act.EXPORT_REQUESTED, theirs["export_id"]),
            (Act.INVITATION_SENT, theirs["invitation_id"]),
            (Act.MEMBERSHIP_CHANGED, theirs["membership_id"]),
            (Act.SUBGROUP_CHANGED, theirs["subgroup_id"]),
            (Act.TITLE_PAGE_CHANGED, 1),
        ]
        record(olivia, foreign)

    page = opened(as_)

    assert "CANARY" not in page
    assert "canary@" not in page
    assert "Sam" not in page
