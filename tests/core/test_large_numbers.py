"""No number or date that somebody sends causes an internal error."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import workgroup
from tests import cast
from tests.furniture import furnish
from tests.test_authorization import addresses as right_requests
from workgroup.lifecycle.forms import OpenForm

LARGE = [2**31, 2**63, 10**30]
NUMBER = re.compile(r"<int:(\w+)>")


def addresses(app, number):
    """Return every address with a number in it, filled with this one."""
    for rule in app.url_map.iter_rules():
        if NUMBER.search(rule.rule):
            address = NUMBER.sub(str(number), rule.rule)
            yield from (
                (method, re.sub(r"<slug>", cast.SLUG, address))
                for method in {"GET", "POST"} & rule.methods
            )


@pytest.mark.both_databases
@pytest.mark.parametrize("number", LARGE)
def test_a_number_that_no_row_can_have_is_not_found(app, as_, number):
    olivia = as_("olivia")
    answers = {
        (method, address): olivia.open(address, method=method).status_code
        for method, address in addresses(app, number)
    }

    assert len(answers) > 20
    assert set(answers.values()) <= {404, 405}


@pytest.mark.parametrize("written", ["9999-12-31T23:59", "0001-01-01T00:00"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_a_closing_time_at_the_ends_of_the_calendar_is_refused(app, written, zone):
    sent = {"closes_at": written, "preset": "majority"}

    with app.test_request_context(method="POST", data=sent):
        form = OpenForm(ZoneInfo(zone))
        valid = form.validate()

    assert not valid
    assert form.errors == {"closes_at": ["Enter a year from 2000 to 2999."]}


QUESTIONS = ["page", "before", "after", "seen", "shown", "thread", "resolved"]


@pytest.mark.parametrize("asked", [2**63, -1, "\0"])
@pytest.mark.both_databases
def test_the_query_of_an_address_is_never_a_failure(app, as_, asked):
    with app.app_context():
        furniture = furnish(cast.SLUG, "OURS")
    client, failed = as_("olivia"), []

    for page in right_requests(app, furniture):
        if page.method != "GET":
            continue
        answer = client.get(
            page.address,
            query_string=dict.fromkeys(QUESTIONS, asked),
            headers=page.more.headers,
            buffered=True,
        )
        if answer.status_code >= 500:
            failed.append(page.address)

    assert failed == []


def test_the_test_above_asks_every_parameter():
    """Otherwise the test above would ask too little."""
    read = re.compile(r"""request\.args\.get\("(\w+)\"""")
    asked = {
        name
        for path in Path(workgroup.__file__).parent.rglob("*.py")
        for name in read.findall(path.read_text())
    }

    assert asked - {"next"} <= set(QUESTIONS)
