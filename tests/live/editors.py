"""Editors without a browser: they speak the wire and type one character at a time."""

import asyncio
import json
from contextlib import suppress

from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests import cast
from tests.textlog.wire import element, string, update, words_in
from tests.waiting import PATIENT
from workgroup.cohorts import attribution
from workgroup.cohorts.attribution import NAMED_EVERYWHERE
from workgroup.cohorts.models import Cohort
from workgroup.database import db
from workgroup.drafting import queries
from workgroup.drafting.models import Report, Section
from workgroup.drafting.states import SectionKind
from workgroup.textlog import schema
from workgroup.textlog.encoding import Reader, block, number
from workgroup.textlog.seed import new_client_id
from workgroup.textlog.services import create_stream

# How people were named on the page of an editor that may be named wherever it writes.
NAMED = attribution.written(NAMED_EVERYWHERE)


def write_section(title="Constraints", slug=cast.SLUG, blocks=None):
    """Write a section with its live text; the caller commits."""
    cohort = db.session.scalars(select(Cohort).where(Cohort.slug == slug)).one()
    report = db.session.scalars(
        select(Report).where(Report.cohort_id == cohort.id)
    ).first()
    if report is None:
        report = Report(cohort_id=cohort.id, title="A Practical Agenda")
        db.session.add(report)
        db.session.flush()
    section = Section(
        report_id=report.id,
        stream_id=create_stream(blocks).id,
        kind=SectionKind.CHAPTER,
        title=title,
        position=queries.section_count(report.id) + 1,
    )
    db.session.add(section)
    db.session.flush()
    return section


def cookie_of(app, name, **more):
    """Sign a session cookie as Flask would after signing in."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    session = {"_user_id": cast.uniquifier(name), "_fresh": True, **more}
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(session)}"


class Editor:
    """One loaded editor: an outbox, what it holds of the log, and a socket that may break."""

    def __init__(self, url, section_id, cookie, *, slug=cast.SLUG, origin=None):
        self.url = url
        self.address = (
            url.replace("http", "ws") + f"/c/{slug}/sections/{section_id}/live"
        )
        self.headers = {"Cookie": cookie}
        self.origin = origin or url
        self.client_id = new_client_id()
        self.n = self.clock = 0
        self.paragraph = 0  # the clock of its last one
        self.typed = ""
        self.outbox = {}  # n → update
        self.rows = []  # (client id, n, data), all of the log
        self.epoch = self.tag = 0
        self.texts = []
        self.cursors = {}
        self.is_live = asyncio.Event()
        self.socket = None
        self.tls = None  # a context that knows the certificate of a wss address
        self.closed = None  # (code, reason)

    async def open(self, *, wait=True, sock=None, **hello):
        """Connect and say hello."""
        self.socket = await connect(
            self.address,
            sock=sock,
            origin=self.origin,
            additional_headers=self.headers,
            compression=None,
            ssl=self.tls,
            max_size=None,
        )
        self.closed = None
        self.is_live.clear()
        frame = {
            "t": "hello",
            "schema": schema.VERSION,
            "epoch": self.epoch,
            "have": len(self.rows),
            "tag": self.tag,
            "writers": [self.client_id],
            "names": NAMED,
            **hello,
        }
        with suppress(
            ConnectionClosed
        ):  # an editor that is refused gets the reason first
            await self.socket.send(json.dumps(frame))
        self.listening = asyncio.create_task(self.listen())
        if wait:
            await self.becomes_live()
        return self

    async def becomes_live(self, seconds=PATIENT):
        """Wait until the room is open, or the socket closes; a killed server sends no reason."""
        live = asyncio.create_task(self.is_live.wait())
        ends = asyncio.FIRST_COMPLETED
        await asyncio.wait({live, self.listening}, timeout=seconds, return_when=ends)
        live.cancel()
        if not self.is_live.is_set():
            raise ConnectionError(f"not live: {self.closed}")

    async def listen(self):
        """Apply what the server sends until the socket closes."""
        try:
            async for frame in self.socket:
                if isinstance(frame, str):
                    self.receive(json.loads(frame))
                else:
                    self.read(Reader(frame))
        except Exception as error:  # noqa: BLE001 - a killed server is no failure of the test
            self.error = error
        self.closed = (self.socket.close_code, self.socket.close_reason)

    def receive(self, frame):
        self.texts.append(frame)
        if frame["t"] == "welcome":
            self.epoch = frame["epoch"]
            self.acknowledge(frame["acked"][-1])
        elif frame["t"] == "live":
            self.is_live.set()

    def read(self, reader):
        while not reader.is_done:
            kind = reader.byte()
            if kind == 3:
                for _ in range(reader.number()):
                    connection = reader.number()
                    self.cursors[connection] = reader.block()
                continue
            if kind == 1:  # all up to there, in one piece that only a real editor reads
                seq, self.tag, _state = reader.number(), reader.number(), reader.block()
                self.rows = [None] * seq
                continue
            assert kind == 2, kind
            first, self.tag, count = (reader.number() for _ in range(3))
            for seq in range(first, first + count):
                row = (reader.number(), reader.number(), reader.block())
                if seq <= len(self.rows):
                    assert self.rows[seq - 1] == row
                    continue
                assert seq == len(self.rows) + 1
                self.rows.append(row)
                if row[0] == self.client_id:
                    self.acknowledge(row[1])

    def acknowledge(self, n):
        for stored in [one for one in self.outbox if one <= n]:
            del self.outbox[stored]

    def text_frames(self, kind):
        return [text for text in self.texts if text["t"] == kind]

    def type(self, character):
        """Write one character into the outbox; the first opens a paragraph."""
        me = self.client_id
        if self.clock == 0:
            data = update(
                me,
                0,
                element("paragraph"),
                words_in(parent=(me, 0)),
                string(character, parent=(me, 1)),
            )
            self.clock = 3
        else:
            typed = string(character, origin=(me, self.clock - 1))
            data = update(me, self.clock, typed)
            self.clock += 1
        self.n += 1
        self.typed += character
        self.outbox[self.n] = data
        return self.n

    def paste(self, words, paragraphs):
        """Put many paragraphs into the outbox as one update."""
        me, structs, first = self.client_id, [], self.clock
        for _ in range(paragraphs):
            at = self.clock
            structs += (
                element("paragraph", origin=(me, self.paragraph) if at else None),
                words_in(parent=(me, at)),
                string(words, parent=(me, at + 1)),
            )
            self.paragraph = at
            self.clock += 2 + len(words)
        self.n += 1
        self.outbox[self.n] = update(me, first, *structs)
        return self.n

    async def send(self, *numbers):
        """Send what is in the outbox, or these of it."""
        parts = [
            b"\4" + number(0) + number(n) + block(self.outbox[n])
            for n in numbers or self.outbox
        ]
        await self.socket.send(b"".join(parts))

    async def write(self, character):
        await self.send(self.type(character))

    async def point(self, data):
        await self.socket.send(b"\5" + block(data))

    async def settled(self, seconds=PATIENT):
        """Wait until all that was typed is acknowledged."""
        await until(lambda: not self.outbox, seconds)

    async def ended(self, seconds=PATIENT):
        """Wait until the socket closes; return its code."""
        await until(lambda: self.closed, seconds)
        return self.closed[0]

    async def close(self):
        await self.socket.close()
        await self.listening


async def until(condition, seconds=PATIENT):
    """Wait for something to become true."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - conditions of all kinds
            await asyncio.sleep(0.005)
