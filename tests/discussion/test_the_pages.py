import re
from html.parser import HTMLParser

import pytest
from sqlalchemy import select

from tests import cast
from tests.cast import person
from workgroup.database import db
from workgroup.discussion import services
from workgroup.discussion.forms import ThreadForm
from workgroup.discussion.kinds import Subject
from workgroup.discussion.models import Comment, Thread
from workgroup.discussion.quotations import Quotation
from workgroup.drafting.models import Section

EDITOR = {"X-Requested-With": "fetch", "Accept": "application/json"}
HTMX = {"HX-Request": "true"}
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
PAYLOADS = [
    HOSTILE,
    "javascript:alert(1)",
    "{{ 7*7 }}",
    "</textarea><script>alert(1)</script>",
    "' autofocus onfocus=alert(1) x='",
    "<svg/onload=alert(1)>",
]


def at(section_id):
    return f"/c/{cast.SLUG}/sections/{section_id}/threads"


def thread_at(number, verb):
    return f"/c/{cast.SLUG}/threads/{number}/{verb}"


def bodies(app):
    with app.app_context():
        return db.session.scalars(select(Comment.body).order_by(Comment.id)).all()


def handlers(page):
    """The attributes of a page that would run script."""
    found = []
    reader = HTMLParser()
    reader.handle_starttag = lambda _tag, attrs: found.extend(
        name for name, _value in attrs if name.startswith("on")
    )
    reader.feed(page)
    return found


@pytest.fixture
def thread(app, stored):
    """The id of a thread that Hana began on the draft."""
    with app.app_context():
        section = db.session.get(Section, stored)
        begun = services.open_thread(
            section, person("hana"), "Why five?", Quotation("five days")
        )
        db.session.commit()
        return begun.public_id


def test_the_editor_gets_the_id_of_a_new_thread(app, as_, stored):
    answer = as_("hana").post(
        at(stored),
        data={
            "body": "なぜ五日か",
            "quote": "five days",
            "prefix": "within ",
            "suffix": ".",
        },
        headers=EDITOR,
    )

    assert answer.status_code == 201
    with app.app_context():
        [thread] = db.session.scalars(select(Thread))
        assert answer.json == {"thread": thread.public_id, "marked": True}
        assert (thread.quote, thread.prefix) == ("five days", "within ")


@pytest.mark.parametrize("quote", ["\u200b", "\u2060\u3164", " \n\u3000"])
def test_words_that_nobody_can_see_are_no_words_of_a_thread(app, as_, stored, quote):
    data = {"body": "Why five?", "quote": quote, "prefix": "within "}

    assert as_("hana").post(at(stored), data=data, headers=EDITOR).status_code == 201

    with app.app_context():
        [thread] = db.session.scalars(select(Thread))
        assert (thread.subject, thread.quote) == (Subject.SECTION, "")


def test_only_so_much_of_the_surroundings_is_read_as_is_kept(app):
    sent = {"prefix": "\r\n" * 999 + "b", "suffix": "\r\n" + "x" * 999}

    with app.test_request_context(method="POST", data=sent):
        form = ThreadForm()

    assert form.prefix.data == "\n" * 31 + "b"
    assert form.suffix.data == "\n" + "x" * 31


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        ({"body": "  \n "}, 422, "Write your comment first."),
        (
            {"body": "x" * 5001},
            422,
            "Use at most 5,000 characters. You have used 5,001.",
        ),
        (
            {"body": "?", "quote": "x" * 5001},
            422,
            "Quote at most 5,000 characters. You have quoted 5,001.",
        ),
    ],
)
def test_the_editor_gets_a_sentence_about_what_is_wrong(
    app, as_, stored, data, status, sentence
):
    answer = as_("hana").post(at(stored), data=data, headers=EDITOR)

    assert (answer.status_code, answer.json["error"]) == (status, sentence)
    assert bodies(app) == []


def test_words_that_are_not_in_the_version_are_refused_and_kept(app, as_, frozen):
    data = {"body": "A long thought.", "quote": "words of another text"}

    refused = as_("hana").post(at(frozen), data=data, headers=EDITOR)
    page = as_("hana").post(at(frozen), data=data)

    assert refused.status_code == page.status_code == 409
    assert "not in version 1" in refused.json["error"]
    assert "not in version 1" in page.text
    assert "A long thought." in page.text
    assert "words of another text" in page.text
    assert bodies(app) == []


def test_without_script_a_section_is_discussed_by_plain_forms(app, as_, stored):
    hana = as_("hana")

    begun = hana.post(at(stored), data={"body": "First\r\nsecond line"})
    [number] = re.findall(r"#thread-([\w-]{22})", begun.location)
    hana.post(thread_at(number, "reply"), data={"body": "답장"})
    hana.post(thread_at(number, "resolve"))
    page = hana.get(at(stored)).text
    resolved = hana.get(f"{at(stored)}?resolved=1").text
    hana.post(thread_at(number, "reopen"))

    assert begun.status_code == 303
    assert bodies(app) == ["First\nsecond line", "답장"]
    assert "Show one resolved thread" in page
    assert "Resolved by Hana Hoshino" in resolved
    assert "답장" in resolved
    assert "Show one resolved thread" not in hana.get(at(stored)).text


def test_beside_the_text_a_fragment_comes_back(as_, stored, thread):
    answer = as_("amy").post(
        thread_at(thread, "reply"), data={"body": "Because."}, headers=HTMX
    )

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f'data-thread="{thread}"' in answer.text
    assert "Because." in answer.text
    assert "five days" in answer.text


def test_a_refused_reply_keeps_its_words(as_, stored, thread):
    hana = as_("hana")
    hana.post(thread_at(thread, "resolve"))

    late = hana.post(thread_at(thread, "reply"), data={"body": "Too late."})
    long = hana.post(thread_at(thread, "reply"), data={"body": "x" * 5001})

    assert late.status_code == 409
    assert "Reopen it to reply" in late.text
    assert "Too late." in late.text
    assert long.status_code == 422


def test_a_thread_whose_words_are_gone_says_so_to_readers(as_, stored, thread):
    page = as_("oscar").get(at(stored)).text

    assert re.search(r"data-orphan\s*>", page)
    assert "These words are no longer in the text." in page


def test_observers_read_and_are_offered_no_form(as_, stored, thread):
    page = as_("oscar").get(at(stored)).text

    assert "Why five?" in page
    assert not re.search(r"<textarea(?![^>]*readonly)", page)
    assert "Resolve" not in page


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_words_are_text_in_every_place(app, as_, frozen, payload):
    with app.app_context():
        hana = person("hana")
        hana.user.printed_name = payload[:100]
        begun = services.open_thread(
            db.session.get(Section, frozen), hana, payload, Quotation()
        )
        begun.quote = begun.prefix = begun.suffix = payload[:60]
        db.session.commit()
        number = begun.public_id
    hana = as_("hana")

    refused = hana.post(at(frozen), data={"body": payload, "quote": payload})
    hana.post(thread_at(number, "reply"), data={"body": payload})
    pages = [refused, hana.get(at(frozen)), hana.get(at(frozen), headers=HTMX)]

    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "<svg/onload" not in page.text
        assert handlers(page.text) == []
        assert ">49<" not in page.text


def test_null_characters_do_not_reach_the_database(app, as_, stored):
    as_("hana").post(at(stored), data={"body": "a\x00b\x07\u202ec", "quote": "x\x00"})

    assert bodies(app) == ["abc"]


PAGES = [
    ("GET", "sections/1/threads", {"olivia", "amy", "hana", "minjun", "paul", "oscar"}),
    ("POST", "sections/1/threads", {"olivia", "amy", "hana", "minjun"}),
    ("POST", "threads/1/reply", {"olivia", "amy", "hana", "minjun"}),
    ("POST", "threads/1/resolve", {"olivia", "amy", "hana", "minjun"}),
    ("POST", "threads/1/reopen", {"olivia", "amy", "hana", "minjun"}),
]


@pytest.mark.parametrize(("method", "path", "allowed"), PAGES)
def test_who_may_do_what(app, as_, stored, thread, method, path, allowed):
    for name in cast.EVERYBODY:
        answer = as_(name).open(f"/c/{cast.SLUG}/{path}", method=method)
        assert (answer.status_code != 403) is (name in allowed), name
    sam = as_("sam")
    assert sam.open(f"/c/{cast.SLUG}/{path}", method=method).status_code == 404
    assert sam.open(f"/c/{cast.OTHER_SLUG}/{path}", method=method).status_code == 404
    stranger = app.test_client().open(f"/c/{cast.SLUG}/{path}", method=method)
    assert stranger.status_code in {302, 401}


def test_the_words_of_open_threads_are_highlighted_for_readers(app, as_, frozen):
    with app.app_context():
        section, hana = db.session.get(Section, frozen), person("hana")
        shown = services.open_thread(section, hana, "?", Quotation("早期警報"))
        settled = services.open_thread(section, hana, "?", Quotation("five days"))
        services.resolve(settled, hana)
        db.session.commit()
        number = shown.public_id

    page = as_("oscar").get(f"/c/{cast.SLUG}/sections/{frozen}/").text

    assert f'<span class="cm" data-passage="{number}">早期警報</span>' in page
    assert page.count("data-passage") == 1
