"""Two people open the same form: the later one sees what the earlier one has saved."""

import html
import re

import pytest

from tests import cast
from tests.drafting.conftest import write_report
from tests.furniture import furnish
from tests.test_authorization import addresses
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.drafting.models import Report
from workgroup.drafting.states import SectionKind

HOME = f"/c/{cast.SLUG}"


def fields(page):
    """Read what a page's form would send."""
    return {
        name: value
        for name, value in re.findall(
            r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page
        )
        if name in {"filled_from", "form_key", "name", "title", "code", "subtitle"}
    }


@pytest.fixture
def report(app):
    with app.app_context():
        write_report(SectionKind.CHAPTER)
        db.session.commit()


FORMS = {
    "the title page": ("report/title", "title", {}),
    "a section": ("report/sections/1/edit", "title", {"kind": "chapter"}),
    "the cohort's name": ("setup/name", "name", {}),
    "a subgroup": ("setup/subgroups/1", "name", {}),
    "a delegation": ("setup/delegations/1", "name", {}),
}


@pytest.mark.parametrize("what", FORMS)
def test_the_later_one_is_shown_both_texts_and_decides(as_, report, what):
    address, field, more = FORMS[what]
    page, olivia = f"{HOME}/{address}", as_("olivia")
    first = fields(olivia.get(page).text) | more
    second = fields(olivia.get(page).text) | more

    saved = olivia.post(page, data=first | {field: "Saved first"})
    refused = olivia.post(page, data=second | {field: "Typed second"})

    assert saved.status_code == 303
    assert refused.status_code == 409
    assert 'value="Typed second"' in refused.text
    assert "Saved first" in refused.text
    assert "Someone else saved a change" in refused.text
    assert "Saved first" in olivia.get(page).text

    knowing = fields(refused.text) | more
    again = olivia.post(page, data=knowing | {field: "Typed second"})

    assert again.status_code == 303
    assert "Typed second" in olivia.get(page).text


def test_two_people_who_type_the_same_see_no_conflict(as_, report):
    page, olivia = f"{HOME}/report/title", as_("olivia")
    first, second = (fields(olivia.get(page).text) for _ in range(2))

    for form in (first, second):
        answer = olivia.post(page, data=form | {"title": "The Same"})

        assert answer.status_code == 303


def test_a_form_that_nobody_else_has_touched_is_saved(app, as_, report):
    page, olivia = f"{HOME}/report/title", as_("olivia")

    answer = olivia.post(page, data=fields(olivia.get(page).text) | {"title": "New"})

    assert answer.status_code == 303
    with app.app_context():
        assert db.session.query(Report).one().title == "New"


def test_somebodys_roles_are_not_overwritten_silently(app, as_):
    with app.app_context():
        amy = db.session.query(Membership).filter_by(id=2).one()
        page = f"{HOME}/people/{amy.id}"
        given = {"delegation": str(amy.delegation_id), "roles": ["member"]}
    olivia = as_("olivia")
    first, second = (fields(olivia.get(page).text) for _ in range(2))

    olivia.post(page, data=first | given | {"roles": ["member", "publisher"]})
    refused = olivia.post(
        page, data=second | given | {"roles": ["member", "organizer"]}
    )

    assert refused.status_code == 409
    assert "Member, Publisher" in refused.text
    with app.app_context():
        [kept] = db.session.query(Membership).filter_by(id=amy.id)
        assert sorted(kept.roles) == ["member", "publisher"]


def test_ones_own_profile_open_in_two_tabs(as_):
    amy = as_("amy")
    page = "/account/profile"
    more = {"name_order": "given-first", "time_zone": "UTC"}
    first, second = (fields(amy.get(page).text) for _ in range(2))

    amy.post(page, data=first | more | {"printed_name": "Amy B. Adler"})
    refused = amy.post(page, data=second | more | {"printed_name": "Amy C. Adler"})

    assert refused.status_code == 409
    assert "Amy B. Adler" in refused.text
    assert "Amy C. Adler" in refused.text


# Forms that come filled with what is shared, or open in a second tab: they carry a hash of it.
FILLED = {
    "accounts.profile",
    "cohorts.change_delegation",
    "cohorts.change_subgroup",
    "cohorts.person",
    "cohorts.rename",
    "deciding.vote",
    "drafting.change_section",
    "drafting.title_page",
    "lifecycle.names",
}
MERGED = {"notifications.choose_mail"}  # it saves only the choices that were changed
PROPOSED = {  # filled with what nobody has saved yet
    "accounts.welcome",
    "cohorts.accept",
    "cohorts.invite",
    "drafting.add_section",
    "lifecycle.open_ballot",
}
REFUSED = re.compile("saved a change|That vote counts")
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
ACTION = re.compile(r'<form[^>]*action="([^"]+)"')
FILLED_FROM = re.compile(r'name="filled_from"[^>]*value="\w{32}"')
COMES_FILLED = re.compile(
    r"""
    <input[^>]*type="(?:text|email|datetime-local)"[^>]*value="[^"]
    | <input[^>]*\schecked[\s>]
    | <option[^>]*\sselected[\s>]
    | <textarea[^>]*>\s*[^\s<]
    """,
    re.VERBOSE,
)


def filled_forms(app, people, asked):
    """Return the endpoints to which a page's filled forms are sent."""
    addresses = app.url_map.bind("localhost")
    forms = {
        form
        for person in people
        for form in FORM.findall(asked.by(person).text)
        if 'method="post"' in form
        and (FILLED_FROM.search(form) or COMES_FILLED.search(form))
    }
    actions = {(ACTION.search(form) or ["", asked.address])[1] for form in forms}
    return {
        addresses.match(html.unescape(one).partition("?")[0], method="POST")[0]
        for one in actions
    }


def test_every_form_that_comes_filled_refuses_what_was_filled_from_something_older(
    app, as_, each_alone
):
    with app.app_context():
        furniture = furnish(cast.SLUG, "OURS")
        db.engine.dispose()
    olivia, filled, saved = as_("olivia"), set(), {}
    people = olivia, as_("amy"), app.test_client()

    each_alone()
    for asked in addresses(app, furniture):
        if asked.endpoint.startswith("security."):
            continue
        if asked.method == "GET":
            filled |= filled_forms(app, people, asked)
        elif asked.endpoint in FILLED:
            typed = {"roles": ["publisher"]} if "person" in asked.endpoint else {}
            stale = asked.more.form | typed | {"filled_from": "0" * 32}
            sender = people[1] if asked.policy == "vote" else olivia
            answer = sender.post(asked.address, data=stale)
            if each_alone() or not REFUSED.search(answer.text):
                saved[asked.endpoint] = answer.status_code

    assert filled == FILLED | MERGED | PROPOSED
    assert saved == {}
