"""A text that fills up says so in time, and takes no words that would be lost."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from tests import cast
from tests.editor.desk import TEXT
from tests.live.editors import Editor, cookie_of, until
from tests.textlog.wire import element, string, update, words_in
from workgroup.database import db
from workgroup.textlog import services
from workgroup.textlog.models import Stream
from workgroup.textlog.schema import MAX_STREAM
from workgroup.textlog.seed import new_client_id
from workgroup.textlog.services import Batch, Entry

pytestmark = pytest.mark.browser

WORDS = MAX_STREAM["words"]
PIECE = 900_000  # letters in one update
LEFT = 10  # letters that still go in


def fill(draft, letters):
    """Write that many letters and delete them again: what was there counts, too."""
    me, entries, clock = new_client_id(), [], 0
    while letters:
        some = min(letters, PIECE)
        words = string("x" * some, parent=(me, clock + 1))
        structs = element("paragraph"), words_in(parent=(me, clock)), words
        gone = (me, clock, some + 2)
        entries += [
            Entry(me, len(entries) + 1, update(me, clock, *structs)),
            Entry(me, len(entries) + 2, update(me, 0, deletes=[gone])),
        ]
        clock += some + 2
        letters -= some
    with draft.app.app_context():
        stream = db.session.get(Stream, draft.stream_id)
        owners = {me: cast.user_id("hana")}
        services.append([Batch(stream.id, stream.epoch, entries, owners)])
        db.session.commit()


async def add_until_full(draft, left):
    """Add as many letters as still go in, but a few."""
    site = draft.server.url, draft.section_id
    editor = await Editor(*site, cookie_of(draft.app, "minjun")).open()
    await until(lambda: editor.text_frames("size"))
    [size] = editor.text_frames("size")
    # Of a letter that a font joins to none: Chromium lays a long word of "y" out for seconds.
    editor.paste("n" * (WORDS - size["words"] - left), paragraphs=1)
    await editor.send()
    await editor.settled()
    await editor.close()


def test_it_warns_then_accepts_no_more_and_keeps_what_came_too_late(sit_down, draft):
    fill(draft, int(0.994 * WORDS))
    amy, hana = sit_down("amy"), sit_down("hana")
    notices = [one.page.locator('[data-notice="full"]') for one in (amy, hana)]
    for notice in notices:
        expect(notice).to_contain_text("99% full. Move part of it to another section")
    amy.go_to()
    amy.type("in time, ")
    amy.state("saved")
    amy.context.set_offline(True)
    amy.type("these words came too late")
    amy.state("unsaved")

    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(asyncio.run, add_until_full(draft, LEFT)).result()
    hana.editable(yes=False)  # though she has done nothing
    amy.context.set_offline(False)

    box = amy.page.locator(".unsent")
    expect(box).to_contain_text("has become too long for one section")
    words = box.locator("textarea").input_value()
    assert words == "in time, these words came too late"
    amy.editable(yes=False)
    for notice in notices:
        expect(notice).to_contain_text("This text is full: nothing more can be saved")
    amy.page.reload()
    expect(box.locator("textarea")).to_have_value(words)
    expect(amy.page.locator(TEXT)).to_contain_text("in time, these wor")
    assert "too late" not in draft.text()
