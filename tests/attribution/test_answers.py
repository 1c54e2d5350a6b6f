"""What comes of a form tells no more of others than a page does: fragments, refusals, headers."""

import pytest

from tests.attribution.worlds import ALWAYS_NAMED, FILES, NAMES, differing, plain
from tests.test_authorization import addresses
from workgroup.cohorts.attribution import Mode

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
def test_no_answer_tells_which_of_two_people_did_it(answers, mode, reader):
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


def test_answers_that_name_people_do_tell(answers):
    one = answers("amy", "nao", Mode.NAMED, "hana")
    other = answers("nao", "amy", Mode.NAMED, "hana")

    assert {endpoint for endpoint, *_ in differing(one, other)} >= {"discussion.reply"}
