"""Answers to forms reveal no more about others than pages do: fragments, refusals, headers."""

import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from tests import cast
from tests.attribution.worlds import ALWAYS_NAMED, FILES, NAMES, differing, plain
from tests.test_authorization import addresses
from workgroup.cohorts.attribution import Mode
from workgroup.discussion import services as discussion

REPLY = f"/c/{cast.SLUG}/threads/{'A' * 22}/reply"

SENT = {
    "right": lambda form: form,
    "empty": lambda _form: {},
    "stale": lambda form: {**form, "filled_from": "0" * 32},  # somebody saved since
}


@pytest.fixture
def answers(app, as_, made, unchanged):
    """Send every form of a world, in order, empty and stale, as a page and as a part of one."""

    def send(first, second, mode, reader):
        world = made(first, second, mode)
        found = {}
        for asked in [*addresses(app, world.furniture), *addresses(app, world.ended)]:
            if asked.method != "POST" or asked.endpoint.startswith(FILES):
                continue
            for kind, fill in SENT.items():
                key = asked.endpoint, asked.address, kind
                if key in found:
                    continue
                unchanged(first, second, mode)
                part = {"HX-Request": "true"} if "discussion" in asked.endpoint else {}
                answer = as_(reader).post(
                    asked.address, data=fill(asked.more.form), headers=part
                )
                found[key] = f"{answer.status_code} {plain(answer)}"
        return found

    return send


@pytest.mark.parametrize(
    ("mode", "reader"),
    [(Mode.NONE, "hana"), (Mode.NONE, "olivia"), (Mode.DELEGATION, "hana")],
)
def test_no_answer_reveals_which_of_two_people_did_it(answers, mode, reader):
    one = answers("amy", "nao", mode, reader)
    other = answers("nao", "amy", mode, reader)

    assert differing(one, other) == set()
    assert {text[:3] for text in one.values()} >= {"200", "303", "409", "422"}
    leaks = [
        (key, name)
        for key, text in one.items()
        for name, words in NAMES.items()
        if name != reader and not ALWAYS_NAMED.match(key[0])
        if any(word in text for word in words)
    ]
    assert leaks == []


def test_answers_that_name_people_reveal_it(answers):
    one = answers("amy", "nao", Mode.NAMED, "hana")
    other = answers("nao", "amy", Mode.NAMED, "hana")

    assert {endpoint for endpoint, *_ in differing(one, other)} >= {"discussion.reply"}


def test_a_busy_database_gives_back_only_ones_own_words(as_, made, monkeypatch):
    def busy(*_arguments):
        locked = sqlite3.OperationalError("database is locked")
        raise OperationalError("INSERT", {}, locked)

    monkeypatch.setattr(discussion, "reply", busy)
    seen = {}

    for first, second in (("amy", "nao"), ("nao", "amy")):
        made(first, second, Mode.NONE)
        answer = as_("hana").post(REPLY, data={"body": "This is far too early."})
        assert answer.status_code == 503
        assert "This is far too early." in answer.text
        seen[first] = plain(answer)

    assert seen["amy"] == seen["nao"]
    others = [words for name, words in NAMES.items() if name != "hana"]
    assert [one for words in others for one in words if one in seen["amy"]] == []
