"""A text on a real server, and the hands of somebody who writes it in a browser."""

import json
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from app import create_app
from tests import cast
from tests.conftest import settings
from tests.live.editors import cookie_of, write_section
from tests.waiting import PATIENT, until
from workgroup import bus
from workgroup.database import db
from workgroup.drafting.models import Section
from workgroup.textlog import replay, services
from workgroup.textlog.models import Stream, Update, Writer

PASTED = Path(__file__).parents[2] / "frontend" / "test" / "fixtures"
TEXT = ".ProseMirror"
BLOCKS = (
    {
        "type": "heading",
        "attrs": {"level": 1},
        "content": [{"type": "text", "text": "Finding"}],
    },
    {
        "type": "paragraph",
        "content": [{"type": "text", "text": "There were eleven interruptions."}],
    },
    {"type": "paragraph"},
)
# ms until the editor knows where the browser's selection is. ProseMirror reads it by a timer
# of its own, of 20 ms, at whose end nothing can be seen from outside: so this one is a time.
REST = 60
WORDS = """() => {
  const text = document.querySelector('.ProseMirror')?.cloneNode(true)
  if (!text) return []  // the page is being opened
  for (const caret of text.querySelectorAll('.caret')) caret.remove()
  return [...text.querySelectorAll('p, h2, h3, h4')].map((one) => one.textContent)
}"""
# What this browser holds of the log, and how many records wait in the outbox.
KEPT = """async (name) => {
  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const database = await asked(indexedDB.open(name))
  const transaction = database.transaction(['meta', 'outbox'])
  const have = await asked(transaction.objectStore('meta').get('have'))
  const waiting = await asked(transaction.objectStore('outbox').count())
  database.close()
  return [have?.seq ?? 0, waiting]
}"""
PASTE = """([html, plain, picture]) => {
  const data = new DataTransfer()
  if (html) data.setData('text/html', html)
  if (plain) data.setData('text/plain', plain)
  if (picture) data.items.add(new File([new Uint8Array(3)], 'a.png', {type: 'image/png'}))
  document.querySelector('.ProseMirror').dispatchEvent(
    new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}))
}"""


class Draft:
    """One section's live text, seen from the server's side."""

    def __init__(self, server, *, blocks=BLOCKS):
        self.server = server
        self.app = create_app(settings(server.instance))
        with self.app.app_context():
            section = write_section(blocks=blocks)
            cast.sign_in_again()
            db.session.commit()
            self.section_id, self.stream_id = section.id, section.stream_id

    @property
    def address(self):
        return f"{self.server.url}/c/{cast.SLUG}/sections/{self.section_id}/"

    def cookie(self, name):
        key, _, value = cookie_of(self.app, name).partition("=")
        return {"name": key, "value": value, "url": self.server.url}

    def freeze(self):
        """Freeze the stream alone, as another process would."""
        with self.app.app_context():
            stream = db.session.get(Stream, self.stream_id)
            services.freeze(stream, by=cast.user_id("olivia"))
            bus.raise_revisions([bus.topic(bus.Aspect.TEXT, self.stream_id)])
            db.session.commit()

    def thaw(self):
        with self.app.app_context():
            services.thaw(db.session.get(Stream, self.stream_id))
            bus.raise_revisions([bus.topic(bus.Aspect.TEXT, self.stream_id)])
            db.session.commit()

    def document(self):
        """Replay the log as the exports would."""
        rows = db.select(Update.data).where(Update.stream_id == self.stream_id)
        with self.app.app_context():
            return replay.document(
                replay.load(db.session.scalars(rows.order_by(Update.seq)))
            )

    def rows(self):
        """Count the updates in the log."""
        with self.app.app_context():
            return db.session.get_one(Stream, self.stream_id).last_seq

    def writers(self, name):
        """Return the client ids under which somebody's words are in the log."""
        with self.app.app_context():
            return set(
                db.session.scalars(
                    db.select(Writer.client_id).where(
                        Writer.stream_id == self.stream_id,
                        Writer.user_id == cast.user_id(name),
                    )
                )
            )

    def text(self):
        return json.dumps(self.document(), ensure_ascii=False)

    def title(self):
        with self.app.app_context():
            return db.session.get(Section, self.section_id).title


class Desk:
    """Somebody of the cast with the text open in a browser of their own."""

    def __init__(self, browser: Browser, draft: Draft, name: str):
        self.draft = draft
        self.context = browser.new_context(
            locale="en-US",
            timezone_id="Asia/Tokyo",
            viewport={"width": 1280, "height": 800},
        )
        self.context.add_cookies([draft.cookie(name)])
        self.faults = []
        self.page = self.open()

    def open(self) -> Page:
        page = self.context.new_page()
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.goto(self.draft.address)
        page.locator(TEXT).wait_for()
        return page

    def on_console(self, message):
        """Note faults; that a blocked network is reported belongs to the test."""
        network = ("Failed to load resource", "WebSocket connection to", "htmx:")
        if message.type == "error" and not message.text.startswith(network):
            self.faults.append(message.text)

    # What the hands do.

    def go_to(self, place=-1, key="End"):
        """Put the cursor into a paragraph, as soon as one can write there."""
        self.editable()
        self.page.locator(f"{TEXT} p").nth(place).click()
        self.press(key)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.page.wait_for_timeout(REST)

    def type(self, words):
        self.page.keyboard.type(words)

    def compose(self, steps, final, between=lambda: None):
        """Type by an input method: candidates one after another, then the choice."""
        devtools = self.context.new_cdp_session(self.page)
        for step in steps:
            place = {"selectionStart": len(step), "selectionEnd": len(step)}
            devtools.send("Input.imeSetComposition", {"text": step, **place})
            between()
        devtools.send("Input.insertText", {"text": final})
        self.page.wait_for_timeout(3 * REST)

    def paste(self, *, html=None, plain=None, picture=False):
        self.page.evaluate(PASTE, [html, plain, picture])
        self.page.wait_for_timeout(REST)

    def command(self, name):
        self.page.locator(f'[data-command="{name}"]').click()
        self.page.wait_for_timeout(REST)

    # What the eyes see.

    def paragraphs(self):
        return self.page.evaluate(WORDS)

    def words(self):
        return "\n".join(self.paragraphs())

    def reads(self, words, seconds=PATIENT):
        expect(self.page.locator(TEXT)).to_be_visible()
        try:
            until(lambda: words in self.words(), seconds)
        except AssertionError:
            raise AssertionError(f"{words!r} is not in {self.words()!r}") from None

    def state(self, name, seconds=PATIENT):
        expect(self.page.locator("#save-state")).to_have_attribute(
            "data-state", name, timeout=seconds * 1000
        )

    def keeps(self, *, waiting=0):
        """Wait until the text is on this device, with as many letters as wait to be sent."""
        data = self.page.locator("#workspace")
        person, section, schema = (
            data.get_attribute(f"data-{name}")
            for name in ("person", "section", "schema")
        )
        name = f"workgroup:{person}:{section}:{schema}"

        def is_there():
            have, count = self.page.evaluate(KEPT, name)
            return have > 0 and (count >= waiting if waiting else not count)

        until(is_there)

    def editable(self, *, yes=True, seconds=PATIENT):
        expect(self.page.locator(TEXT)).to_have_attribute(
            "contenteditable", "true" if yes else "false", timeout=seconds * 1000
        )
