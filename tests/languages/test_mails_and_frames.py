"""Mails, lists of who is here and the editor's own words are in the language of who reads."""

import asyncio
import json
import re

import pytest

from tests import cast
from tests.deciding.building import person
from tests.languages.reading import CLOSE, OPEN, outside, untranslated
from tests.live.conftest import play
from tests.live.desks import Desk, a_hub
from tests.live.editors import until, write_section
from tests.notifications import mailbox
from tests.notifications.work import CANARY, a_day_of_work
from workgroup import bus, pages
from workgroup.bus import Aspect
from workgroup.cohorts.attribution import DECIDED, Mode
from workgroup.database import db
from workgroup.jobs.worker import Worker
from workgroup.notifications import jobs
from workgroup.textlog import services as textlog
from workgroup.textlog.models import Stream

HANA = cast.address("hana")
KNOWN = (
    *(one.printed for one in cast.PEOPLE),
    "Trilateral Working Group",
    "Women’s empowerment",
    "Space policy",
    "A new name",
    r"\b(JST|UTC)\b",
)
JAPANESE = re.compile(r"\d{4}年\d+月\d+日")


def work(app):
    """Let the worker do all that waits; it has no reader of its own."""
    with app.app_context():
        jobs.write_notices()
        jobs.mail_at_once()
    worker = Worker(app, app.extensions["schedule"])
    while worker.run_next_job():
        pass


def english(mail):
    subject = outside(mail["Subject"], KNOWN)
    text = outside(mailbox.text(mail), KNOWN)
    return [*subject, *text, *untranslated(mailbox.html(mail), KNOWN)]


def test_a_mail_about_what_others_did(app, reads, post):
    reads(HANA)
    a_day_of_work(app)

    work(app)

    hers = post.to(HANA)
    assert len(hers) > 1
    for mail in hers:
        assert english(mail) == []
        assert '<html lang="ja">' in mailbox.html(mail)
        assert JAPANESE.search(mailbox.text(mail))
        assert " JST" in mailbox.text(mail)
        assert CANARY not in mail.as_string()
    for mail in post.to(cast.address("amy")):
        assert OPEN not in mail.as_string()
        assert OPEN not in mailbox.text(mail)


def test_mails_about_a_password(app, as_, reads, post):
    reads(HANA)
    anybody = app.test_client()
    anybody.post("/account/reset", data={"email": HANA})
    work(app)  # before the change: it ends the link in this mail
    as_("hana").post(
        "/account/change",
        data={
            "password": cast.PASSWORD,
            "new_password": "a brand new sentence",
            "new_password_confirm": "a brand new sentence",
        },
    )

    work(app)

    asked, changed = post.to(HANA)
    assert english(asked) == []
    assert english(changed) == []
    assert JAPANESE.search(mailbox.text(changed))


def test_an_invitation_is_in_the_language_of_who_has_an_account(app, as_, reads, post):
    stranger = cast.address("sam")
    reads(stranger)
    form = {"roles": "observer"}
    as_("olivia").post(
        f"/c/{cast.SLUG}/people/invite", data={**form, "email": stranger}
    )
    as_("olivia").post(
        f"/c/{cast.SLUG}/people/invite", data={**form, "email": "new@cast.example"}
    )

    work(app)

    [known] = post.to(stranger)
    assert english(known) == []
    [new] = post.to("new@cast.example")
    assert OPEN not in mailbox.text(new)


def test_everyone_reads_who_is_here_in_their_own_language(app, reads):
    with app.app_context():
        section = write_section()
        for surface in DECIDED:
            setattr(person("olivia").cohort, f"names_{surface.value}", Mode.DELEGATION)
        db.session.commit()
        section_id, stream_id = section.id, section.stream_id
    reads(HANA)

    def freeze():
        with app.app_context():
            stream = db.session.get_one(Stream, stream_id)
            textlog.freeze(stream, by=person("olivia").user_id)
            bus.raise_revisions([bus.topic(Aspect.TEXT, stream_id)])
            db.session.commit()

    async def scene():
        async with a_hub(app) as hub:
            place = type("Place", (), {"id": section_id, "stream_id": stream_id})
            olivia = await Desk(hub, place, "olivia").enter()
            hana = await Desk(hub, place, "hana").enter()
            await until(lambda: len(names(hana)) == len(names(olivia)) == 2)
            freeze()
            await until(lambda: froze(hana) and froze(olivia))
            return names(hana), names(olivia), froze(hana), froze(olivia)

    hers, olivias, frozen_by, olivias_frozen_by = play(scene())

    assert hers == [f"{OPEN}Staff{CLOSE}", f"{OPEN}You{CLOSE} · Japan"]
    assert olivias == ["You · Staff", "Japan"]
    assert (frozen_by, olivias_frozen_by) == ([f"{OPEN}Staff{CLOSE}"], ["Staff"])


def names(desk):
    lists = [frame["p"] for frame in desk.texts if frame["t"] == "people"]
    return [one["name"] for one in lists[-1].values()] if lists else []


def froze(desk):
    return [frame["by"] for frame in desk.texts if frame["t"] == "frozen"]


def test_a_name_is_shown_in_the_script_of_its_reader(app, reads):
    with app.app_context():
        section = write_section()
        db.session.commit()
        place = type("Place", (), {"id": section.id, "stream_id": section.stream_id})
    reads(HANA)

    async def scene():
        async with a_hub(app) as hub:
            olivia = await Desk(hub, place, "olivia").enter()
            hana = await Desk(hub, place, "hana").enter()
            await until(lambda: len(names(hana)) == len(names(olivia)) == 2)
            return names(hana), names(olivia)

    assert play(scene()) == (
        ["Olivia Okafor", "星野 花"],
        ["Olivia Okafor", "Hana Hoshino"],
    )


def test_the_words_that_the_editor_shows(app, as_, reads):
    with app.app_context():
        section = write_section()
        db.session.commit()
        section_id = section.id
    reads()

    page = as_("hana").get(f"/c/{cast.SLUG}/sections/{section_id}/").text

    found = re.search(r'id="editor-words">(.*?)</script>', page, re.DOTALL)
    words = json.loads(found[1])
    assert len(words) > 40
    assert [key for key, word in words.items() if not word.startswith(OPEN)] == []


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("ja-JP,ja;q=0.9,en;q=0.5", "ja"), ("fr", "en"), ("", "en")],
)
def test_the_refusal_of_a_flood_is_in_the_language_that_the_browser_asks_for(
    app, offered, monkeypatch, wanted, language
):
    """The refusal is written as the server starts, since no page is made for it."""
    monkeypatch.setattr(pages, "REQUESTS_OF_ONE", 0)
    site, sent = pages.Pages(app), []
    scope = {
        "type": "http",
        "path": "/",
        "client": ("203.0.113.9", 1),
        "headers": [(b"accept-language", wanted.encode())],
    }

    async def send(message):
        sent.append(message)

    asyncio.run(site(scope, None, send))

    assert sent[0]["status"] == 503
    words = sent[1]["body"].decode()
    assert "Wait a moment, then try again." in words
    assert words.startswith(OPEN) == (language == "ja")
    assert (b"content-length", str(len(sent[1]["body"])).encode()) in sent[0]["headers"]
