"""Nothing that is sent in a field or an address causes an internal error, and what was typed comes back."""

import re
from html import escape, unescape
from importlib.metadata import files
from urllib.parse import quote, urlencode

import pytest
from flask_security.core import _default_messages
from flask_wtf import FlaskForm
from wtforms import PasswordField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.core import UnboundField

from tests import cast
from tests.furniture import furnish
from tests.test_authorization import addresses

SENT = {
    "2^63": str(2**63).encode(),
    "-1": b"-1",
    "0": b"0",
    "a full-width nine": "\uff19".encode(),
    "the last year": b"9999-12-31T23:59",
    "the first year": b"0001-01-01T00:00",
    "nothing to see": "\u200b\u2060\u200b".encode(),
    "half a character": b"\xed\xa0\x80",
    "NUL": b"a\0b",
    "half a bracket": b"//[",
    "a long text": b"x" * 100_000,
    "nothing": b"",
}
# What PostgreSQL refuses, or stores otherwise than SQLite, if a form lets it through.
OF_THE_DATABASE = ["2^63", "-1", "the last year", "the first year", "half a character", "NUL", "a long text"]  # fmt: skip
# What a person can type and sees again; of the others a browser sends or shows something else.
TYPED = {"2^63", "-1", "a full-width nine", "the last year"}
OF_ACCOUNTS = {
    "security.login": {"email": "x", "password": "x"},
    "security.forgot_password": {"email": "x"},
    "security.reset_password": {"password": "x", "password_confirm": "x"},
    "security.change_password": {
        "password": "x",
        "new_password": "x",
        "new_password_confirm": "x",
    },
    "security.verify": {"password": "x"},
}
CHOSEN = (RadioField, SelectField, SelectMultipleField, PasswordField)
LETTERS = re.compile(r"""gettext\(\s*['"]([A-Z][^'"%{]{6,})""")
FOREIGN = {
    sentence
    for path in files("wtforms")
    if path.name in {"validators.py", "core.py"} or path.parent.name == "fields"
    if path.suffix == ".py"
    for sentence in LETTERS.findall(path.read_text())
} | {re.split("[%{]", text)[0] for text, _kind in _default_messages.values() if text[:1] not in "%{"}  # fmt: skip


def families(form=FlaskForm):
    """Return every class of form that the site has."""
    return {form}.union(*(families(one) for one in form.__subclasses__()))


def fields():
    """Return every field of every form, by its name: the class of each."""
    return {
        name: field.field_class
        for form in families()
        for name in dir(form)
        if isinstance(field := getattr(form, name), UnboundField)
    }


def requests(app, furniture):
    """Yield each page that takes a form, the form, and the fields that may be changed."""
    for page in addresses(app, furniture):
        form = {**OF_ACCOUNTS.get(page.endpoint, {}), **page.more.form}
        if page.method == "POST" and form:
            yield page, form


def answer(client, page, form):
    return client.post(
        page.address,
        data=urlencode(form, doseq=True),
        content_type="application/x-www-form-urlencoded",
        headers=page.more.headers,
    )


def is_kept(field, text, value):
    return issubclass(field, CHOSEN) or escape(value.decode()) in text


def answers(app, as_, value):
    """Send a value in each field of each form, and in all at once; yield page, field and answer."""
    with app.app_context():
        furniture = furnish(cast.SLUG, "OURS")
    for page, form in requests(app, furniture):
        for name in (*form, "all of them"):
            changed = {**form, name: value}
            if name == "all of them":
                changed = dict.fromkeys({*fields(), *form} - {"only_show"}, value)
            client = app.test_client() if page.policy == "public" else as_("olivia")
            yield page, name, answer(client, page, changed)


@pytest.mark.parametrize("what", SENT)
def test_a_field_takes_or_refuses_whatever_is_sent(app, as_, what):
    assert_taken_or_refused(app, as_, what)


@pytest.mark.on_postgresql
@pytest.mark.parametrize("what", OF_THE_DATABASE)
def test_a_field_lets_nothing_through_that_postgresql_refuses(app, as_, what):
    assert_taken_or_refused(app, as_, what)


def assert_taken_or_refused(app, as_, what):
    value, known, wrong, asked = SENT[what], fields(), [], 0

    for page, name, response in answers(app, as_, value):
        text, asked = response.text, asked + 1
        if response.status_code >= 500:
            wrong.append((page.endpoint, name, response.status_code))
        wrong += [(page.endpoint, name, one) for one in foreign(text)]
        refused = response.status_code == 422 and what in TYPED and name in known
        if refused and not is_kept(known[name], text, value):
            wrong.append((page.endpoint, name, "not kept"))

    assert asked > 60
    assert not wrong, "\n".join(map(str, wrong))


def foreign(page):
    """Return the sentences of libraries that a page shows."""
    words = unescape(page)
    return [one for one in FOREIGN if one in words]


@pytest.mark.parametrize(
    "what",
    [one for one in SENT if one not in {"a long text", "nothing", "half a bracket"}],
)
def test_an_argument_of_an_address_may_be_anything(app, as_, what):
    assert_answered(app, as_, what)


@pytest.mark.on_postgresql
@pytest.mark.parametrize("what", ["2^63", "-1", "half a character", "NUL"])
def test_an_argument_of_an_address_reaches_postgresql_only_if_it_can(app, as_, what):
    assert_answered(app, as_, what)


def assert_answered(app, as_, what):
    with app.app_context():
        furniture = furnish(cast.SLUG, "OURS")
    written, client, wrong, asked = quote(SENT[what]), as_("olivia"), [], 0

    for rule in app.url_map.iter_rules():
        for name in rule.arguments:
            values = dict.fromkeys(rule.arguments, "1")
            if "slug" in rule.arguments and name != "slug":
                values["slug"] = furniture.slug
            address = re.sub(
                r"<(?:\w+:)?(\w+)>",
                lambda found: written if found[1] == name else values[found[1]],  # noqa: B023
                rule.rule,
            )
            for method in sorted(rule.methods & {"GET", "POST"}):
                status = client.open(address, method=method, buffered=True).status_code
                asked += 1
                if status not in {302, 303, 400, 403, 404, 405, 410} and not (
                    status == 200 and what in {"0", "-1", "2^63"}
                ):
                    wrong.append((method, rule.rule, name, status))

    assert asked > 60
    assert wrong == []


def test_the_sentences_of_libraries_are_known():
    """Otherwise the tests above would look for nothing."""
    assert {"Not a valid choice.", "This field is required.", "Not a valid integer value."} <= FOREIGN  # fmt: skip
    assert len(FOREIGN) > 60
