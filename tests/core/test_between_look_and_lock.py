"""What somebody else does after a page has looked, and before it has its lock, is not passed over.

A page reads without a lock and then waits for its turn to write. Here somebody else is always
faster: his or her change is committed at the very moment at which the page begins to write.
"""

import threading

import pytest
from sqlalchemy import select

from tests import cast
from tests.cast import person
from tests.core.filling import filled
from tests.deciding.building import a_section
from tests.waiting import PATIENT
from workgroup import database
from workgroup.accounts.models import User
from workgroup.acts.models import AuditRecord
from workgroup.cohorts import promises
from workgroup.cohorts import services as people
from workgroup.cohorts.attribution import DECIDED, Mode
from workgroup.cohorts.models import Delegation, Membership, Subgroup
from workgroup.cohorts.roles import Assignment, Role
from workgroup.database import Model, db
from workgroup.drafting import arranging
from workgroup.drafting.models import Report, Section

pytestmark = pytest.mark.both_databases

HOME = f"/c/{cast.SLUG}"
LONG = "A thought of more than twelve letters."


@pytest.fixture
def places(app):
    """A report with a section, a delegation and a subgroup without people, and their ids."""
    with app.app_context():
        olivia, section = person("olivia"), a_section("Energy")
        rows = {
            "section": section,
            "delegation": people.add_delegation(olivia, "FR", "France"),
            "subgroup": people.add_subgroup(olivia, "Energy"),
            "amy": person("amy"),
        }
        db.session.commit()
        return {name: row.id for name, row in rows.items()}


@pytest.fixture
def somebody_else(app, monkeypatch):
    """Let somebody else act once, between what a page reads and what it writes."""

    def is_faster(act):
        waiting, end_transaction = [act], database.end_transaction

        def end_reading():
            end_transaction()
            while waiting:
                elsewhere(app, waiting.pop())

        monkeypatch.setattr(database, "end_transaction", end_reading)

    return is_faster


def elsewhere(app, act):
    """Act and commit in another thread, which has a session of its own."""
    failed = []

    def work():
        with app.app_context():
            try:
                act()
                db.session.commit()
            except Exception as error:  # noqa: BLE001 - raised again below
                failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(PATIENT)
    assert not thread.is_alive()
    if failed:
        raise failed[0]


def only(kind: type[Model], place: int | None = None) -> Model:
    found = select(kind).order_by(kind.id)
    return db.session.scalars(found if place is None else found.filter_by(id=place)).first()  # fmt: skip


def acts(app):
    with app.app_context():
        found = select(AuditRecord.action).order_by(AuditRecord.number)
        return db.session.scalars(found).all()


def save_title(_places):
    arranging.set_title_page(only(Report), person("olivia"), title="Saved first")


def save_section(places):
    section = only(Section, places["section"])
    arranging.change_section(
        section, person("olivia"), kind=section.kind, title="Saved first",
        subgroup_id=None, addressees="", horizon="",
    )  # fmt: skip


def rename_cohort(_places):
    people.rename(person("olivia"), "Saved first")


def rename_delegation(places):
    france = only(Delegation, places["delegation"])
    people.change_delegation(person("olivia"), france, "FR", "Saved first")


def rename_subgroup(places):
    subgroup = only(Subgroup, places["subgroup"])
    people.change_subgroup(person("olivia"), subgroup, "Saved first")


def publish(_places):
    amy = person("amy")
    wanted = Assignment(amy.roles | {Role.PUBLISHER}, amy.delegation_id)
    people.move(person("olivia"), amy, wanted)


def hide_names(_places):
    wanted = {**person("olivia").cohort.modes, DECIDED[0]: Mode.NONE}
    promises.set_modes(person("olivia"), wanted, lambda _cohort: ())


def save_profile(_places):
    db.session.get_one(User, cast.user_id("olivia")).affiliation = "Saved first"


# The form, what the second types, what the first saves, and the words that show the first.
SAVED = {
    "the title page": ("report/title", {"title": LONG}, save_title, "Saved first"),
    "a section": ("report/sections/{section}/edit", {"title": LONG}, save_section, "Saved first"),
    "the cohort's name": ("setup/name", {"name": LONG}, rename_cohort, "Saved first"),
    "a delegation": ("setup/delegations/{delegation}", {"name": LONG}, rename_delegation, "Saved first"),
    "a subgroup": ("setup/subgroups/{subgroup}", {"name": LONG}, rename_subgroup, "Saved first"),
    "somebody's roles": ("people/{amy}", {"roles": ["member", "organizer"]}, publish, "Member, Publisher"),
    "how people are named": ("setup/names", {"names_print": "none"}, hide_names, "Someone else saved"),
    "a profile": ("/account/profile", {"affiliation": LONG}, save_profile, "Saved first"),
}  # fmt: skip


@pytest.mark.parametrize("what", SAVED)
def test_of_two_who_save_at_once_the_second_sees_what_the_first_saved(
    app, as_, places, somebody_else, what
):
    address, typed, save, shown = SAVED[what]
    page, olivia = address.format(**places), as_("olivia")
    page = page if page.startswith("/") else f"{HOME}/{page}"
    form = filled(olivia, page)
    somebody_else(lambda: save(places))

    refused = olivia.post(page, data=form | typed)

    assert refused.status_code == 409
    assert "saved a change" in refused.text
    assert shown in refused.text


def remove_section(places):
    arranging.remove_section(only(Section, places["section"]), person("olivia"))


def remove_delegation(places):
    people.remove_part(person("olivia"), only(Delegation, places["delegation"]))


def remove_subgroup(places):
    people.remove_part(person("olivia"), only(Subgroup, places["subgroup"]))


def remove_amy(_places):
    people.remove(person("olivia"), person("amy"))


# Who does what, with which form, and what somebody else removes meanwhile.
GONE = {
    "edits a section": ("olivia", "report/sections/{section}/edit", {"title": LONG}, remove_section),
    "removes a section": ("olivia", "report/sections/{section}/remove", None, remove_section),
    "freezes a section": ("olivia", "sections/{section}/freeze", None, remove_section),
    "opens a ballot": ("olivia", "sections/{section}/open", {}, remove_section),
    "comments": ("amy", "sections/{section}/threads", None, remove_section),
    "renames a delegation": ("olivia", "setup/delegations/{delegation}", {"name": LONG}, remove_delegation),
    "removes a delegation": ("olivia", "setup/delegations/{delegation}/remove", None, remove_delegation),
    "renames a subgroup": ("olivia", "setup/subgroups/{subgroup}", {"name": LONG}, remove_subgroup),
    "removes a subgroup": ("olivia", "setup/subgroups/{subgroup}/remove", None, remove_subgroup),
    "gives roles": ("olivia", "people/{amy}", {"roles": ["member", "publisher"]}, remove_amy),
    "removes a person": ("olivia", "people/{amy}/remove", None, remove_amy),
}  # fmt: skip


@pytest.mark.parametrize("what", GONE)
def test_what_somebody_else_has_just_removed_is_left_alone(
    app, as_, places, somebody_else, what
):
    who, address, typed, remove = GONE[what]
    page, client = f"{HOME}/{address.format(**places)}", as_(who)
    form = {"body": LONG} if typed is None else filled(client, page) | typed
    somebody_else(lambda: remove(places))
    before = acts(app)

    answer = client.post(page, data=form)

    looks_late = "removes" in what  # under the lock, and finds nothing
    assert answer.status_code == (404 if looks_late else 410)
    assert looks_late or "Someone else" in answer.text
    assert LONG in answer.text or LONG not in form.values()
    assert len(acts(app)) == len(before) + 1  # the removal itself
    assert not acts(app)[-1].endswith("changed")


def test_somebody_who_left_keeps_the_roles_and_the_moment_of_leaving(
    app, as_, places, somebody_else
):
    page, olivia = f"{HOME}/people/{places['amy']}", as_("olivia")
    form = filled(olivia, page) | {"roles": ["observer"], "delegation": ""}
    left = []

    def leave():
        remove_amy(places)
        left.append(only(Membership, places["amy"]).ended_at)

    somebody_else(leave)

    olivia.post(page, data=form)
    olivia.post(f"{page}/remove")

    with app.app_context():
        amy = only(Membership, places["amy"])
        assert (amy.roles, amy.ended_at) == (frozenset({Role.MEMBER}), left[0])


@pytest.mark.parametrize("what", SAVED)
def test_a_form_that_is_saved_as_it_was_filled_is_no_act(app, as_, places, what):
    address, *_ = SAVED[what]
    page, olivia = address.format(**places), as_("olivia")
    page = page if page.startswith("/") else f"{HOME}/{page}"
    before = acts(app)

    answer = olivia.post(page, data=filled(olivia, page))

    assert answer.status_code in {302, 303}
    assert acts(app) == before


def test_the_first_section_that_is_moved_up_stays_and_that_is_no_act(app, as_, places):
    before = acts(app)
    shift = f"{HOME}/report/sections/{places['section']}/shift"

    as_("olivia").post(shift, data={"direction": "up", "position": "1"})

    assert acts(app) == before
