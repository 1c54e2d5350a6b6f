"""Pages over ASGI: a page's thread is taken when its form is here, and left when its page is made.

A thread neither reads from the network nor writes to it, so a slow connection cannot occupy
one: bodies are collected before, and answers are sent afterward.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from a2wsgi import WSGIMiddleware
from flask import Flask
from flask_babel import gettext as _
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from workgroup import assets, i18n
from workgroup.addresses import network
from workgroup.live.outlets import Message, Send
from workgroup.live.socket import Receive, Scope
from workgroup.web import REFUSED

PAGES_AT_ONCE = 8  # threads
FILES_AT_ONCE = 4  # threads for styles, scripts and fonts, which wait for no page
SHARE_OF_ONE = 4  # of the pages' threads, for one network
FILES_OF_ONE = 2  # likewise of the files' threads
# Of the pages' threads, for forms that hash a password: two hash at once, and the others wait.
# Otherwise guesses from a few networks would take all threads.
HASHING_AT_ONCE = 4
HASHING = ("/account/", "/invitations/")  # where such forms are sent
REQUESTS_OF_ONE = 400  # under way for one network: all delegations may share a hotel's
BODY_STARTS_WITHIN = 20  # seconds, and then each kilobyte gives one more
BYTES_A_SECOND = 1000
# Bytes: a browser shows our page only once it has sent all.
DISCARDED = 16 * 1024 * 1024
MOST_FIELDS = 1000  # of one form; each costs as much as reading a few hundred bytes
IN_MEMORY = 256 * 1024  # bytes of one body or answer; more of it goes to a file
PIECE = 64 * 1024  # bytes handed to the network at once

LANGUAGES_READ = 200  # bytes of a browser's list of languages; 50 are usual


class Visitors:
    """Counts the requests of each network, and limits its share of the threads."""

    def __init__(self) -> None:
        self.under_way: dict[str, int] = {}
        self.shares: dict[str, asyncio.Semaphore] = {}
        self.file_shares: dict[str, asyncio.Semaphore] = {}

    @contextmanager
    def counted(self, name: str) -> Iterator[bool]:
        """Count one request while the block runs; yield whether it is one too many."""
        self.under_way[name] = self.under_way.get(name, 0) + 1
        self.shares.setdefault(name, asyncio.Semaphore(SHARE_OF_ONE))
        self.file_shares.setdefault(name, asyncio.Semaphore(FILES_OF_ONE))
        try:
            yield self.under_way[name] <= REQUESTS_OF_ONE
        finally:
            self.under_way[name] -= 1
            if not self.under_way[name]:
                del self.under_way[name], self.shares[name], self.file_shares[name]


class Pages:
    """Run Flask in two pools of threads: one for pages, one for the files that all pages need."""

    def __init__(self, app: Flask) -> None:
        self.limit: int = app.config["MAX_CONTENT_LENGTH"]
        self.pages = WSGIMiddleware(cast("Any", app), workers=PAGES_AT_ONCE)
        self.files = WSGIMiddleware(cast("Any", app), workers=FILES_AT_ONCE)
        self.visitors = Visitors()
        self.hashing = asyncio.Semaphore(HASHING_AT_ONCE)
        with app.app_context():
            self.busy = i18n.in_each_language(busy)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: collect its body, have the page made, send the page."""
        name = network(scope["client"][0])
        with self.visitors.counted(name) as is_within, spool() as body, spool() as page:
            if not is_within:
                await refuse(send, self.busy[language_of(scope)])
                return
            status = await self.collect(scope, receive, body)
            if status is None:
                return
            request = {**scope, "headers": with_length(scope, body), REFUSED: status}
            answer = Answer(page)
            if scope["path"].startswith(assets.ROOT):
                async with self.visitors.file_shares[name]:
                    await self.files(request, read_from(body), answer.take)  # type: ignore[arg-type]
            else:
                turn = self.hashing if may_hash(scope) else nullcontext()
                async with self.visitors.shares[name], turn:
                    await self.pages(request, read_from(body), answer.take)  # type: ignore[arg-type]
            await answer.hand_out(send, closing=bool(status))

    async def collect(
        self, scope: Scope, receive: Receive, body: IO[bytes]
    ) -> int | None:
        """Read a body; return 0, the status it is refused with, or None when it broke off."""
        headers = dict(scope["headers"])
        announced = headers.get(b"content-length", b"0")
        # The server takes twenty digits, but any number of zeros before them.
        if announced.isdigit() and int(announced[-20:]) > DISCARDED:
            return 413
        is_plain = b"urlencoded" in headers.get(b"content-type", b"").lower()
        fields = 0
        size, clock = 0, asyncio.get_running_loop().time
        started = clock()
        while True:
            left = started + BODY_STARTS_WITHIN + size / BYTES_A_SECOND - clock()
            try:
                async with asyncio.timeout(max(left, 0)):
                    message = await receive()
            except TimeoutError:
                return 408
            if message["type"] == "http.disconnect":
                return None
            piece = message.get("body", b"")
            size += len(piece)
            if size > DISCARDED:
                return 413
            fields += piece.count(b"&") if is_plain else 0
            is_too_much = size > self.limit or fields > MOST_FIELDS
            if not is_too_much:
                body.write(piece)
            if not message.get("more_body"):
                return 413 if is_too_much else 0


class Answer:
    """Flask's answer, collected until it is complete; then the thread is free."""

    def __init__(self, page: IO[bytes]) -> None:
        self.page = page
        self.start: Message | None = None

    async def take(self, message: Message) -> None:
        """Collect a part."""
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.page.write(message.get("body", b""))

    async def hand_out(self, send: Send, *, closing: bool) -> None:
        """Send everything, as fast as it is read; the connection is cut if nothing is read.

        Args:
            send: the server's way to the browser.
            closing: whether the rest of a body is not waited for.
        """
        if self.start is None:
            return
        if closing:
            headers = [*self.start["headers"], (b"connection", b"close")]
            self.start = {**self.start, "headers": headers}
        await send(self.start)
        self.page.seek(0)
        piece = self.page.read(PIECE)
        while True:
            following = self.page.read(PIECE)
            await send(
                {
                    "type": "http.response.body",
                    "body": piece,
                    "more_body": bool(following),
                }
            )
            if not following:
                return
            piece = following


def may_hash(scope: Scope) -> bool:
    """Return whether a request may be a form that hashes a password."""
    path: str = scope["path"]
    return scope["method"] == "POST" and path.startswith(HASHING)


def with_length(scope: Scope, body: IO[bytes]) -> list[tuple[bytes, bytes]]:
    """Return the headers; a body that came in chunks has a length now, as WSGI asks."""
    kept = [item for item in scope["headers"] if item[0] != b"transfer-encoding"]
    if len(kept) == len(scope["headers"]):
        return kept
    return [*kept, (b"content-length", str(body.tell()).encode())]


def spool() -> IO[bytes]:
    """Return a file that stays in memory while it is small."""
    return cast("IO[bytes]", SpooledTemporaryFile(IN_MEMORY))


def read_from(body: IO[bytes]) -> Receive:
    """Return a ``receive`` that gives a collected body, piece by piece."""
    body.seek(0)

    async def receive() -> Message:
        piece = body.read(PIECE)
        return {"type": "http.request", "body": piece, "more_body": bool(piece)}

    return receive


def busy() -> bytes:
    """Write the refusal in one language, ahead of time: at a flood it must cost next to nothing."""
    sentence: str = _(
        "Too many requests at once from your network. Wait a moment, then try again."
    )
    return sentence.encode()


def language_of(scope: Scope) -> str:
    """Return the language that a browser asks for, as far as there are sentences in it."""
    wanted = dict(scope["headers"]).get(b"accept-language", b"")[:LANGUAGES_READ]
    accepted = parse_accept_header(wanted.decode("latin-1"), LanguageAccept)
    return accepted.best_match(i18n.LANGUAGES) or i18n.LANGUAGES[0]


async def refuse(send: Send, sentence: bytes) -> None:
    """Answer a network with too much under way, without a thread and without a page."""
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(sentence)).encode()),
        (b"retry-after", b"2"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": sentence})
