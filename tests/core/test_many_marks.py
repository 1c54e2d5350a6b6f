"""Marks without end on one letter cost no more than other letters: they are never sorted as one row."""

import ast
import sys
import unicodedata
from itertools import groupby

import pytest

from tests import cast
from tests.accounts.test_passwords import ask_for_link, link_in, mails
from tests.core.test_values_in_every_field import answers
from tests.test_architecture import MODULES, ROOT
from workgroup import text
from workgroup.accounts.hashing import LONGEST
from workgroup.text import MOST_MARKS, normal

SORTED_AT_ONCE = 2 * MOST_MARKS  # some characters become two marks
MARKS = "\u0301\u0323" * 200  # to sort those takes their number squared
SENT = {
    "a letter": f"a{MARKS}",
    "no letter": MARKS,
    "letters that become marks": "\u0f73\uff9e" * 200,
    "an address": f"//a{MARKS}",
}


def is_mark(character):
    return unicodedata.combining(unicodedata.normalize("NFKD", character)[0]) > 0


def longest_row(*texts):
    """Return the length of the longest row of marks in some texts."""
    rows = (row for text in texts for row in groupby(text, key=is_mark))
    return max((len(list(row)) for are_marks, row in rows if are_marks), default=0)


@pytest.fixture
def normalized(monkeypatch):
    """What anything has normalized, our libraries too."""
    found, original = [], unicodedata.normalize

    def normalize(form, written):
        if len(written) > 1:
            found.append(written)
        return original(form, written)

    monkeypatch.setattr(unicodedata, "normalize", normalize)
    return found


@pytest.mark.parametrize("what", SENT)
def test_no_field_has_many_marks_sorted(app, as_, normalized, what):
    wrong = []

    for page, name, answer in answers(app, as_, SENT[what].encode()):
        status = answer.status_code
        if longest_row(*normalized) > SORTED_AT_ONCE or status >= 500:
            wrong.append((page.endpoint, name, status))
        normalized.clear()

    assert wrong == []


@pytest.mark.parametrize("many", [400, LONGEST * 2])
def test_no_password_has_many_marks_sorted(app, as_, normalized, many):
    password = cast.PASSWORD + MARKS[:1] * many
    person = {"email": cast.address("hana"), "password": password}
    new = {"new_password": password, "new_password_confirm": password}
    reset = {"password": password, "password_confirm": password}
    ask_for_link(app, cast.address("hana"))

    tried = app.test_client().post("/account/sign-in", data=person)
    verified = as_("hana").post("/account/verify", data=person)
    changed = as_("hana").post("/account/change", data={**person, **new})
    for_new = {"password": cast.PASSWORD, **new}
    chosen = as_("hana").post("/account/change", data=for_new)
    renewed = app.test_client().post(link_in(mails(app)[0]), data=reset)

    assert {one.status_code for one in (tried, verified, changed)} == {200}
    for refused in (chosen, renewed):
        assert "Use at most 128 characters." in refused.text
    assert longest_row(*normalized) <= MOST_MARKS


def test_a_password_that_is_too_long_is_not_normalized_at_all(app, normalized):
    """For an unknown account it is not either: the time would tell one from the other."""
    person = {"email": cast.address("hana"), "password": "é" * (LONGEST + 1)}

    app.test_client().post("/account/sign-in", data=person)

    assert cast.address("hana") in normalized
    assert person["password"] not in normalized


def test_a_name_with_many_marks_is_refused_for_its_length_and_kept(as_):
    typed = f"Hana{MARKS}"

    answered = as_("hana").post("/account/profile", data={"printed_name": typed})

    assert answered.status_code == 422
    assert "Use at most 120 characters." in answered.text
    whole = unicodedata.normalize("NFD", answered.text.replace(text.DIVIDER, ""))
    assert whole.count("\u0323") == 200


def test_every_character_that_becomes_a_mark_counts_as_one():
    everything = map(chr, range(sys.maxunicode + 1))
    forgotten = [
        hex(ord(one))
        for one in everything
        if is_mark(one) and not unicodedata.combining(one) and one not in text.AS_MARKS
    ]

    assert forgotten == []


@pytest.mark.parametrize(
    "written", ["e\u0301", "Ho\u0302\u0323i", "\u1112\u1161\u11ab" * 20]
)
@pytest.mark.parametrize("form", ["NFC", "NFKC", "NFKD"])
def test_what_languages_write_is_normalized_as_ever(form, written):
    assert normal(form, written) == unicodedata.normalize(form, written)


def test_rows_of_marks_are_divided_and_none_is_lost():
    written = f"a{MARKS}b{MARKS}"
    divided = text.divided(written)

    assert longest_row(divided) == MOST_MARKS
    assert divided.replace(text.DIVIDER, "") == written


def test_only_one_function_normalizes():
    callers = {
        str(path.relative_to(ROOT))
        for path in MODULES
        if path.relative_to(ROOT).parts[0] in {"workgroup", "exports", "app.py"}
        for node in ast.walk(ast.parse(path.read_text()))
        if (
            isinstance(node, ast.Attribute)
            and ast.unparse(node) == "unicodedata.normalize"
        )
        or (isinstance(node, ast.ImportFrom) and node.module == "unicodedata")
    }

    assert callers == {"workgroup/text.py"}
