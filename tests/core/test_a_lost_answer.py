"""An answer is lost on the way, with the cookie that it carried, and the form is sent again."""

import re
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace

import pytest

from tests import cast
from tests.core.test_coming_back_unasked import BUTTONS
from tests.furniture import furnish
from tests.test_authorization import addresses
from tests.waiting import PATIENT
from workgroup import database
from workgroup.database import db

KEY = "k" * 22
# What differs in any two answers: a form's key and token, and the page's own token.
FRESH = re.compile(r'(?:value|content)="[\w.-]{20,}"')
FIELD = re.compile(r'<input[^>]*name="(filled_from|names|seen\w*)"[^>]*value="([^"]*)"')
# They grow also when the same values are saved again, and change nothing else.
RECORDS = re.compile(
    r'INSERT INTO "(?:audit_records|revisions|sent_forms|unsubscribe_tokens)"'
)

# Saving the same once more notifies nobody.
NOTIFIED = " All members are notified."


def seen(client, answer):
    """Return the page that an answer leads the person to, but for what differs in any two."""
    onwards = answer.location if answer.status_code in {302, 303} else None
    page = client.get(onwards) if onwards else answer
    return FRESH.sub("", page.text)


def rows(app):
    """Return what all tables but the records of acts hold."""
    path = app.config["INSTANCE"] / "workgroup.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        return {row for row in connection.iterdump() if not RECORDS.match(row)}


@pytest.fixture
def posts(app):
    """A right request to every page that changes something."""
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"  # where mail leaves, later
    with app.app_context():
        ours = furnish(cast.SLUG, "OURS")
        db.engine.dispose()
    return [asked for asked in addresses(app, ours) if asked.method == "POST"]


def filled(client, asked):
    """Return what the page of a form gives it to carry, so that it is sent as from there."""
    page = client.get(asked.address)
    return dict(FIELD.findall(page.text)) if page.status_code == 200 else {}


def key_of(asked):
    """Return the name of the field with the random value: of a form, or of a lone button."""
    is_form = asked.more.form and asked.endpoint not in BUTTONS
    return "form_key" if is_form else "press_key"


def twice(app, as_, asked):
    """Send a form from two copies of one browser; return both pages and what the second wrote."""
    who = "amy" if asked.policy == "vote" else "olivia"
    first, again = as_(who), as_(who)
    form = asked.more.form | filled(first, asked) | {key_of(asked): KEY}
    asked = replace(asked, more=replace(asked.more, form=form))
    shown = seen(first, asked.by(first))
    written = rows(app)
    answer = asked.by(again)
    repeated = seen(again, answer)
    return shown, repeated, answer.status_code, rows(app) - written


@pytest.fixture
def overtaken(monkeypatch):
    """Let another request be done whole between what the next one reads and what it writes."""

    def by(act):
        waiting, end_transaction = [act], database.end_transaction

        def end_reading():
            end_transaction()
            if waiting:
                thread = threading.Thread(target=waiting.pop())
                thread.start()
                thread.join(PATIENT)

        monkeypatch.setattr(database, "end_transaction", end_reading)
        return waiting

    return by


def at_once(asked, as_, overtaken):
    """Send a form from two copies of one browser, the first done while the second is on its way."""
    first, second = as_("olivia"), as_("olivia")
    form = asked.more.form | filled(first, asked) | {key_of(asked): KEY}
    sent = replace(asked, more=replace(asked.more, form=form))
    answers = []
    waiting = overtaken(lambda: answers.append(sent.by(first)))
    answers.append(sent.by(second))
    assert not waiting, asked
    return [(one.status_code, one.location) for one in answers]


def test_a_form_that_is_sent_twice_at_once_is_answered_alike_both_times(
    app, as_, posts, each_alone, overtaken
):
    differs = {}

    each_alone()
    for asked in posts:
        if WHY[asked.endpoint] is not SAME_KEY:
            continue
        each_alone()
        first, second = at_once(asked, as_, overtaken)
        if first != second:
            differs[asked.endpoint] = (first, second)

    assert differs == {}


def test_every_form_with_a_key_answers_again_as_it_did_first(
    app, as_, posts, each_alone
):
    """What a person needs from the answer must not be in a cookie that never came."""
    differs = {}

    each_alone()
    for asked in posts:
        if WHY[asked.endpoint] not in {SAME_KEY, SAME_VALUES}:
            continue
        each_alone()
        first, again, _status, _rows = twice(app, as_, asked)
        if first.replace(NOTIFIED, "") != again:
            differs[asked.endpoint] = again

    assert set(differs) == set()


SAME_KEY = "its key is known, and what it made stands"
SAME_VALUES = "it states values, which are stored already"
SEEN = "it carries what the page showed, which is no longer so"
THERE = "what it leads to is reached already"
REFUSED = "what it acts on has ended or is gone, and a page says so"
# Why each form that is sent a second time doubles nothing. A new form needs its reason here:
# one that moves, counts or adds from where things stand now has none.
WHY = {
    "accounts.profile": SAME_VALUES,
    "accounts.welcome": SAME_VALUES,
    "cohorts.accept": REFUSED,
    "cohorts.add_delegation": SAME_KEY,
    "cohorts.add_subgroup": SAME_KEY,
    "cohorts.change_delegation": SAME_VALUES,
    "cohorts.change_subgroup": SAME_VALUES,
    "cohorts.invite": SAME_KEY,
    "cohorts.invite_again": THERE,
    "cohorts.person": SAME_VALUES,
    "cohorts.remove": SAME_KEY,
    "cohorts.remove_delegation": SAME_KEY,
    "cohorts.remove_subgroup": SAME_KEY,
    "cohorts.rename": SAME_VALUES,
    "cohorts.try_mail_again": REFUSED,
    "cohorts.withdraw_invitation": THERE,
    "deciding.vote": SAME_VALUES,
    "discussion.open_thread": SAME_KEY,
    "discussion.reopen": THERE,
    "discussion.reply": SAME_KEY,
    "discussion.resolve": THERE,
    "drafting.add_section": SAME_KEY,
    "drafting.change_section": SAME_VALUES,
    "drafting.remove_section": SAME_KEY,
    "drafting.shift_section": SEEN,
    "drafting.title_page": SAME_VALUES,
    "lifecycle.close": SAME_KEY,
    "lifecycle.found": SAME_KEY,
    "lifecycle.freeze": SAME_KEY,
    "lifecycle.names": SAME_VALUES,
    "lifecycle.open_ballot": SAME_KEY,
    "lifecycle.open_log": THERE,
    "lifecycle.reopen": SAME_KEY,
    "notifications.choose_mail": SAME_VALUES,
    "notifications.mail_again": REFUSED,
    "notifications.read": THERE,
    "notifications.read_all": SEEN,
    "notifications.seen": SEEN,
    "notifications.stop_mail": THERE,
    "publishing.request_export": SAME_KEY,
    "security.change_password": SAME_VALUES,
    "security.forgot_password": THERE,
    "security.login": THERE,
    "security.logout": THERE,
    "security.reset_password": REFUSED,
    "security.verify": THERE,
}


def test_no_form_that_is_sent_again_does_anything_more(app, as_, posts, each_alone):
    wrote, refused = {}, set()

    each_alone()
    for asked in posts:
        each_alone()
        _first, _again, status, more = twice(app, as_, asked)
        if more:
            wrote[asked.endpoint] = more
        if status in {404, 409, 410}:
            refused.add(asked.endpoint)

    assert {asked.endpoint for asked in posts} == set(WHY)
    assert wrote == {}
    assert refused <= {one for one, why in WHY.items() if why == REFUSED}
