"""A browser that lost an answer sends the form again by itself: nothing is doubled."""

import re
import threading

import pytest
from sqlalchemy import func, select

from tests import cast
from tests.core.test_a_lost_answer import seen
from tests.deciding.building import a_ballot
from tests.furniture import furnish
from tests.test_authorization import addresses
from tests.waiting import PATIENT
from workgroup import clock
from workgroup.cohorts.models import Cohort, Delegation, Invitation, Subgroup
from workgroup.database import db
from workgroup.discussion.models import Comment, Thread
from workgroup.drafting.models import Section
from workgroup.lifecycle.views import moves
from workgroup.sending import services
from workgroup.sending.models import SentForm

HOME = f"/c/{cast.SLUG}"
KEY = "k" * 22


def count(app, table):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table))


FORMS = {
    "a thread": ("amy", "sections/{section}/threads", {"body": "Why 2027?"}, Comment),
    "a section": (
        "olivia",
        "report/sections/new",
        {"title": "Energy", "kind": "chapter"},
        Section,
    ),
    "a delegation": (
        "olivia",
        "setup/delegations/new",
        {"code": "AU", "name": "Australia"},
        Delegation,
    ),
    "a subgroup": ("olivia", "setup/subgroups/new", {"name": "Energy"}, Subgroup),
    "an invitation": (
        "olivia",
        "people/invite",
        {"email": "nao@new.example", "roles": "observer"},
        Invitation,
    ),
}


@pytest.mark.parametrize("what", FORMS)
def test_the_same_form_twice_makes_one_thing_and_answers_alike(app, as_, section, what):
    name, address, data, table = FORMS[what]
    page = f"{HOME}/{address.format(section=section)}"
    answered, lost, before = as_(name), as_(name), count(app, table)

    first = answered.post(page, data=data | {"form_key": KEY})
    again = lost.post(page, data=data | {"form_key": KEY})

    assert count(app, table) == before + 1
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    assert seen(answered, first) == seen(lost, again)


def test_a_cohort_is_founded_once(app, as_):
    data = {"name": "Energy Group", "title": "Energy", "form_key": KEY}
    before = count(app, Cohort)

    answered, lost = as_("olivia"), as_("olivia")
    first = answered.post("/cohorts/new", data=data)
    again = lost.post("/cohorts/new", data=data)

    assert count(app, Cohort) == before + 1
    assert first.location == again.location == "/c/energy-group/people"
    assert seen(answered, first) == seen(lost, again)


def test_an_answer_in_a_thread_comes_once_and_two_threads_share_no_key(
    app, as_, section
):
    page = f"{HOME}/sections/{section}/threads"
    headers = {"X-Requested-With": "fetch"}
    threads = [
        as_("amy").post(page, data={"body": "Why?", "form_key": key}, headers=headers)
        for key in ("a" * 22, "b" * 22)
    ]
    replies = [f"{HOME}/threads/{one.json['thread']}/reply" for one in threads]
    answer = {"body": "Because.", "form_key": KEY}

    for reply in (replies[0], replies[0], replies[1]):
        assert as_("hana").post(reply, data=answer).status_code == 303

    assert count(app, Comment) == 4


def test_the_editors_comment_gets_the_same_thread_again(app, as_, section):
    page = f"{HOME}/sections/{section}/threads"
    data = {"body": "Why?", "quote": "three governments", "form_key": KEY}

    first, again = (
        as_("amy").post(page, data=data, headers={"X-Requested-With": "fetch"})
        for _ in range(2)
    )

    assert first.json == again.json
    assert first.status_code == again.status_code == 201
    assert count(app, Thread) == 1


def test_what_was_edited_before_it_was_sent_again_is_not_thrown_away(app, as_, section):
    page = f"{HOME}/sections/{section}/threads"

    as_("amy").post(page, data={"body": "Why 2027?", "form_key": KEY})
    as_("amy").post(page, data={"body": "Why 2027, and not 2028?", "form_key": KEY})

    assert count(app, Comment) == 2


def test_two_people_never_share_a_key(app, as_, section):
    page = f"{HOME}/sections/{section}/threads"

    for name in ("amy", "hana"):
        as_(name).post(page, data={"body": "Why?", "form_key": KEY})

    assert count(app, Comment) == 2


def test_a_refused_form_keeps_its_key_for_the_next_try(app, as_):
    page, data = f"{HOME}/setup/subgroups/new", {"form_key": KEY}

    refused = as_("olivia").post(page, data=data | {"name": "Domestic constraints"})
    taken = as_("olivia").post(page, data=data | {"name": "Energy"})

    assert refused.status_code == 409
    assert f'value="{KEY}"' in refused.text
    assert taken.status_code == 303


def test_a_ballot_opens_once(app, as_, section):
    page = f"{HOME}/sections/{section}/open"
    with app.app_context():
        later = (clock.now().replace(microsecond=0)).isoformat()[:10]
    data = {
        "closes_at": f"{int(later[:4]) + 1}{later[4:]}T18:00",
        "preset": "majority",
        "form_key": KEY,
    }

    answered, lost = as_("olivia"), as_("olivia")
    first, again = (one.post(page, data=data) for one in (answered, lost))

    assert first.status_code == 303, first.text
    assert (again.status_code, again.location) == (303, first.location)
    assert seen(answered, first) == seen(lost, again)


@pytest.mark.both_databases
def test_two_reopenings_at_the_same_moment_get_the_same_answer(app, as_, monkeypatch):
    """The second has read the section before the first changes it."""
    with app.app_context():
        ballot = a_ballot()
        db.session.commit()
        page = f"{HOME}/sections/{ballot.version.section_id}/reopen"
    olivia, other = as_("olivia"), as_("olivia")
    data, answers = {"reason": "Two figures are wrong.", "form_key": KEY}, []
    validate = moves.ReopenForm.validate_on_submit

    def while_another_comes(form):
        monkeypatch.undo()
        # In a thread: a request inside another one would share its session.
        coming = threading.Thread(
            target=lambda: answers.append(other.post(page, data=data))
        )
        coming.start()
        coming.join()
        return validate(form)

    monkeypatch.setattr(moves.ReopenForm, "validate_on_submit", while_another_comes)
    answers.append(olivia.post(page, data=data))

    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].location == answers[1].location


@pytest.mark.both_databases
def test_two_at_the_same_moment_do_it_once(app):
    made, failed = [], []
    start = threading.Barrier(2, timeout=PATIENT)

    def send():
        with app.app_context():
            start.wait()
            try:
                found = services.once(
                    1, "/here", [("form_key", KEY), ("body", "Why?")], make, bool
                )
                db.session.commit()
            except Exception as error:  # noqa: BLE001 - reported by the assertion
                failed.append(error)
            else:
                made.append(found)

    calls = iter(range(7, 99))

    def make():
        return next(calls)

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert made == [7, 7]


def test_old_records_are_forgotten(session):
    services.once(1, "/here", [("form_key", KEY)], lambda: 7, bool)
    session.commit()

    services.forget_old()
    kept = session.scalar(select(func.count()).select_from(SentForm))
    with clock.pretend(clock.now() + services.KEPT * 1.1):
        services.forget_old()

    assert kept == 1
    assert session.scalar(select(func.count()).select_from(SentForm)) == 0


FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
WORDS = re.compile(r"<textarea|<input[^>]*type=.(text|email)")
KEYED = re.compile(r'name="form_key"[^>]*value="[\w-]{20,}"')
# Nothing is doubled there: a password is only set, and an invitation is accepted once.
ONCE_ANYWAY = ("security.", "cohorts.invitation")


def test_every_form_into_which_people_write_carries_a_key(app, as_):
    with app.app_context():
        furniture = furnish(cast.SLUG, "OURS")
    written, unkeyed = set(), set()

    for asked in addresses(app, furniture):
        if asked.method != "GET" or asked.endpoint.startswith(ONCE_ANYWAY):
            continue
        for client in (as_("olivia"), as_("amy"), app.test_client()):
            answer = asked.by(client)
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            for form in FORM.findall(answer.text):
                if 'method="post"' in form and WORDS.search(form):
                    written.add(asked.endpoint)
                    if not KEYED.search(form):
                        unkeyed.add(asked.endpoint)

    assert unkeyed == set()
    assert written == {
        "accounts.profile",
        "accounts.welcome",
        "cohorts.add_delegation",
        "cohorts.add_subgroup",
        "cohorts.change_delegation",
        "cohorts.change_subgroup",
        "cohorts.invite",
        "cohorts.rename",
        "deciding.show",
        "discussion.thread",
        "discussion.threads",
        "drafting.add_section",
        "drafting.change_section",
        "drafting.title_page",
        "lifecycle.found",
        "lifecycle.open_ballot",
        "lifecycle.reopen",
        "lifecycle.workspace",
    }
