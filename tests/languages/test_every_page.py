"""Every sentence that a page shows is one of the catalogue, in the language of who reads."""

import pytest

from tests import cast
from tests.furniture import furnish
from tests.languages.reading import untranslated
from tests.test_authorization import addresses
from workgroup.database import db

CANARY = "見本"
# Patterns of what people wrote, of codes, hashes and keys.
KNOWN = (
    *(one.printed for one in cast.PEOPLE),
    *(name for _, name in cast.DELEGATIONS),
    *(
        f"{CANARY} {what}"
        for what in ("report", "section", "subgroup", "words", "comment")
    ),
    "Trilateral Working Group",
    "Domestic constraints",
    r"\b(US|JP|KR|XX|FR|EST|EDT|JST|KST|UTC|(ab){4,})\b",
    r"\b(OO|AA|MM|PP|HH)\b",  # initials
    r"\S+\.pdf",
    r"Ctrl(\+\w+)+",  # keys, as keyboards of most countries have them
)


# What right requests write.
WRITTEN = (
    "A new name", "A third group", "Its report", "A Practical Agenda", "Early warning",
    "Nao Nakano", "Someone", "Somebody", "Finance", "France", "Too early.", "words",
    "Something new.", "SECRET-REASON",
)  # fmt: skip


@pytest.fixture
def furniture(app, reads):
    reads()
    with app.app_context():
        made = furnish(cast.SLUG, CANARY)
        db.session.remove()
        db.engine.dispose()
    return made


@pytest.mark.parametrize("reader", ["olivia", "hana", "oscar", "nobody"])
def test_a_page_that_is_opened(app, as_, furniture, reader):
    client = app.test_client() if reader == "nobody" else as_(reader)
    english = {}

    for asked in addresses(app, furniture):
        if asked.method != "GET" or "static" in asked.endpoint:
            continue
        answer = client.open(
            asked.address,
            headers={**asked.more.headers, "Accept-Language": "ja"},
            buffered=True,
        )
        if answer.mimetype != "text/html" or answer.status_code // 100 == 3:
            continue
        found = untranslated(answer.text, KNOWN)
        if found:
            english[asked.address] = found

    assert english == {}


SENT = {  # besides what a right request holds: a form with nothing in it
    "right": lambda asked: asked.more.form,
    "empty": lambda _asked: {},
}


@pytest.mark.parametrize("sent", SENT)
@pytest.mark.parametrize("reader", ["olivia", "hana", "nobody"])
def test_what_comes_of_a_form(app, as_, furniture, each_alone, reader, sent):
    english = {}

    for asked in addresses(app, furniture):
        if asked.method != "POST":
            continue
        each_alone()
        client = app.test_client() if reader == "nobody" else as_(reader)
        for more in ({}, {"HX-Request": "true"}, {"X-Requested-With": "fetch"}):
            answer = client.post(
                asked.address,
                data=SENT[sent](asked),
                headers={**asked.more.headers, **more, "Accept-Language": "ja"},
                follow_redirects=True,
                buffered=True,
            )
            if answer.is_json:  # for the editor: the new thread's id, or a sentence
                text = answer.json.get("error", "")
            else:
                text = answer.text if answer.mimetype == "text/html" else ""
            found = untranslated(text, (*KNOWN, *WRITTEN))
            if found:
                english[asked.address, str(more)] = answer.status_code, found

    assert english == {}


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nowhere", 404), ("/sign-in", 404), (f"/c/{cast.SLUG}/setup", 403)],
)
def test_a_refusal(as_, furniture, path, status):
    answer = as_("hana").get(path)

    assert answer.status_code == status
    assert untranslated(answer.text, KNOWN) == []


def test_a_form_that_is_too_large(as_, furniture):
    answer = as_("hana").post("/account/profile", data={"a": "見" * 3_000_000})

    assert answer.status_code == 413
    assert untranslated(answer.text, KNOWN) == []
