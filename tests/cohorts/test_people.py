import re

import pytest

from tests import cast
from workgroup import bus
from workgroup.accounts import queries as accounts
from workgroup.accounts.models import Sector
from workgroup.acts.models import AuditRecord
from workgroup.cohorts import queries
from workgroup.cohorts.roles import Role
from workgroup.database import db

RIGHTS = bus.topic(bus.Aspect.PEOPLE, 1)

PEOPLE = f"/c/{cast.SLUG}/people"
HOSTILE = '"><script>alert(1)</script>'


def membership(app, name):
    with app.app_context():
        person = accounts.find_user(cast.address(name))
        found = queries.find_membership(cast.SLUG, person.id)
        return found and (found.id, found.roles, found.delegation_id)


def revision(app):
    with app.app_context():
        return bus.revisions([RIGHTS]).get(RIGHTS, 0)


def test_everybody_sees_people_by_delegation_with_their_names(app, as_):
    page = as_("oscar").get(PEOPLE).text

    assert "United States" in page
    assert re.search(r'lang="ja">\s*星野 花', page)
    assert re.search(r'lang="ko">\s*마민준', page)
    assert "Without a delegation" in page
    assert "Invite" not in page
    assert cast.address("hana") not in page


def test_names_and_affiliations_are_text_wherever_they_show(app, as_):
    with app.app_context():
        hana = accounts.find_user(cast.address("hana"))
        hana.printed_name = hana.native_name = hana.affiliation = HOSTILE
        hana.sector = Sector.GOVERNMENT
        db.session.commit()
    number = membership(app, "hana")[0]
    olivia = as_("olivia")

    pages = [olivia.get(PEOPLE), olivia.get(f"{PEOPLE}/{number}")]

    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text


def test_the_organizer_changes_an_assignment(app, as_):
    number, _roles, delegation = membership(app, "hana")
    before = revision(app)

    answer = as_("olivia").post(
        f"{PEOPLE}/{number}",
        data={
            "roles": ["member", "publisher"],
            "delegation": delegation,
            "subgroup": "",
        },
    )

    assert answer.status_code == 303
    assert membership(app, "hana")[1] == {Role.MEMBER, Role.PUBLISHER}
    assert revision(app) == before + 1


def test_a_change_against_the_rules_is_refused_in_words(app, as_):
    number = membership(app, "hana")[0]

    answer = as_("olivia").post(
        f"{PEOPLE}/{number}",
        data={"roles": ["member"], "delegation": "", "subgroup": ""},
    )

    assert answer.status_code == 409
    assert "Members vote as part of a delegation" in answer.text
    assert membership(app, "hana")[2] is not None


def test_a_delegation_of_another_cohort_is_no_choice(app, as_):
    number = membership(app, "hana")[0]

    answer = as_("olivia").post(
        f"{PEOPLE}/{number}", data={"roles": ["member"], "delegation": "99"}
    )

    assert answer.status_code == 422


def test_a_removed_member_gets_404_at_once_and_the_words_stay(app, as_):
    number, before, hana = membership(app, "hana")[0], revision(app), as_("hana")
    assert hana.get(PEOPLE).status_code == 200

    answer = as_("olivia").post(f"{PEOPLE}/{number}/remove")

    assert answer.status_code == 303
    assert hana.get(PEOPLE).status_code == 404
    assert membership(app, "hana") is None
    assert revision(app) == before + 1
    with app.app_context():
        last = db.session.query(AuditRecord).order_by(AuditRecord.number.desc()).first()
        assert (last.action, last.subject) == (
            "membership.ended",
            f"membership:{number}",
        )


def test_the_last_organizer_stays(app, as_):
    number, olivia = membership(app, "olivia")[0], as_("olivia")

    removed = olivia.post(f"{PEOPLE}/{number}/remove")
    demoted = olivia.post(f"{PEOPLE}/{number}", data={"roles": ["observer"]})

    assert removed.status_code == demoted.status_code == 409
    assert "Make someone else an organizer first" in removed.text
    assert "Make someone else an organizer first" in demoted.text
    assert membership(app, "olivia")[1] == {Role.ORGANIZER}


def test_one_of_two_organizers_may_leave(app, as_):
    paul, olivia = membership(app, "paul")[0], as_("olivia")
    olivia.post(f"{PEOPLE}/{paul}", data={"roles": ["publisher", "organizer"]})

    answer = olivia.post(f"{PEOPLE}/{membership(app, 'olivia')[0]}/remove")

    assert answer.status_code == 303
    assert membership(app, "olivia") is None


PAGES = [
    ("GET", PEOPLE, {"olivia", "amy", "hana", "minjun", "paul", "oscar"}),
    ("GET", f"/c/{cast.SLUG}/", {"olivia", "amy", "hana", "minjun", "paul", "oscar"}),
    ("GET", f"{PEOPLE}/invite", {"olivia"}),
    ("POST", f"{PEOPLE}/invite", {"olivia"}),
    ("GET", f"{PEOPLE}/3", {"olivia"}),
    ("POST", f"{PEOPLE}/3", {"olivia"}),
    ("POST", f"{PEOPLE}/3/remove", {"olivia"}),
    ("POST", f"/c/{cast.SLUG}/invitations/1/again", {"olivia"}),
    ("POST", f"/c/{cast.SLUG}/invitations/1/withdraw", {"olivia"}),
    ("GET", f"/c/{cast.SLUG}/setup", {"olivia"}),
    ("POST", f"/c/{cast.SLUG}/setup/name", {"olivia"}),
    ("POST", f"/c/{cast.SLUG}/setup/delegations/new", {"olivia"}),
    ("POST", f"/c/{cast.SLUG}/setup/delegations/1", {"olivia"}),
    ("POST", f"/c/{cast.SLUG}/setup/delegations/1/remove", {"olivia"}),
    ("POST", f"/c/{cast.SLUG}/setup/subgroups/new", {"olivia"}),
    ("POST", f"/c/{cast.SLUG}/setup/subgroups/1", {"olivia"}),
    ("POST", f"/c/{cast.SLUG}/setup/subgroups/1/remove", {"olivia"}),
]


@pytest.mark.parametrize(("method", "path", "allowed"), PAGES)
def test_who_may_open_what(app, as_, method, path, allowed):
    for name in set(cast.EVERYBODY) - allowed:
        assert as_(name).open(path, method=method).status_code == 403, name
    for name in allowed:
        assert as_(name).open(path, method=method).status_code not in {403, 302}, name
    assert as_("sam").open(path, method=method).status_code == 404
    assert app.test_client().open(path, method=method).status_code in {302, 401}


def test_many_people_are_shown_a_page_at_a_time_and_counted_together(
    app, as_, counted_queries
):
    with app.app_context():
        for user in cast.write_colleagues(cast.person("amy"), 120):
            user.sector = Sector.ACADEMIA
        db.session.commit()
    oscar, url, found, pages = as_("oscar"), PEOPLE, [], []
    while url:
        with counted_queries() as seen:
            pages.append(oscar.get(url).text)
        found += re.findall(r"<div class=\"strong\">\s*Person (\d+)", pages[-1])
        link = re.search(r'rel="next"\s+href="([^"]*)"', pages[-1])
        url = link and link[1]

    # who is signed in, membership, delegations, people, their counts, notices in the bar
    assert len(seen) == 6, seen
    assert found == [f"{number:03}" for number in range(120)]
    assert len(pages) == 3  # with the cast
    for page in pages:
        assert "126 people" in page
        assert re.search(r"Academia.*\n.*\n\s*120\s", page)
    assert "121 members" in pages[0]
    assert "Hana" not in pages[0]
    assert "Republic of Korea" not in pages[0]
