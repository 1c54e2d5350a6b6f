"""Two hundred people vote in the same second while somebody types in another section."""

import asyncio
import http.client
import re
import sqlite3
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html import unescape
from urllib.parse import urlencode

import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from tests import cast
from tests.deciding.building import a_ballot
from tests.live.conftest import play
from tests.live.editors import Editor, cookie_of
from workgroup.accounts.models import User
from workgroup.cohorts.models import Cohort, Delegation, Membership
from workgroup.cohorts.roles import Role
from workgroup.database import db
from workgroup.deciding.models import Elector, Vote
from workgroup.deciding.rules import Position

VOTERS = 200
WITHIN = 120  # seconds for all votes, on a machine that does other things too
PATIENT = 30  # seconds for one key, on a machine that does other things too
LOCKED_FOR = 7.0  # seconds: longer than a writer waits for the lock
TOKEN = "a" * 40  # the secret half of the forms' token
POSITIONS = [Position.SUPPORT, Position.OBJECT, Position.ABSTAIN]


def reason(number):
    return f"What voter {number} has thought about for an hour, 第{number}"


@pytest.fixture
def polling(served):
    """A server with a ballot of two hundred electors, and a section beside it."""
    server, app, section_id, _ = served
    with app.app_context():
        cohort = db.session.scalars(
            select(Cohort).where(Cohort.slug == cast.SLUG)
        ).one()
        delegations = db.session.scalars(select(Delegation.id)).all()
        for number in range(VOTERS):
            user = cast.write_user(f"voter{number}", f"Voter {number}", "!", "UTC")
            db.session.add(
                Membership(
                    cohort_id=cohort.id,
                    user_id=user.id,
                    roles=frozenset({Role.MEMBER}),
                    delegation_id=delegations[number % len(delegations)],
                    joined_at=cast.JOINED,
                )
            )
        db.session.flush()
        ballot_id = a_ballot().id
        db.session.commit()
        db.engine.dispose()
    server.start()
    return server, app, section_id, ballot_id


class Voter:
    """One voter's browser: sends the form, and again where the page asks for that."""

    def __init__(self, server, app, ballot_id, number):
        self.server, self.number = server, number
        self.path = f"/c/{cast.SLUG}/ballots/{ballot_id}/vote"
        cookie = cookie_of(app, f"voter{number}", csrf_token=TOKEN)
        signer = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token")
        self.headers = {
            "Cookie": cookie,
            "Origin": server.url,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.form = urlencode(
            {
                "csrf_token": signer.dumps(TOKEN),
                "position": POSITIONS[number % 3],
                "reason": reason(number),
            }
        )

    def send(self):
        """Send the form once; return the status and the page."""
        connection = http.client.HTTPConnection(
            self.server.host, self.server.port, timeout=WITHIN
        )
        try:
            connection.request("POST", self.path, self.form, self.headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def vote(self, together):
        """Vote until it is recorded; return the statuses on the way."""
        together.wait()
        statuses = []
        while not statuses or statuses[-1] == 503:
            status, page = self.send()
            statuses.append(status)
            if status == 503:
                assert reason(self.number) in unescape(page)
        return statuses


def all_vote(server, app, ballot_id):
    """Let everybody vote at the same moment; return how often each status came."""
    voters = [Voter(server, app, ballot_id, number) for number in range(VOTERS)]
    together = threading.Barrier(VOTERS)
    with ThreadPoolExecutor(VOTERS) as pool:
        answers = pool.map(lambda voter: voter.vote(together), voters, timeout=WITHIN)
        return Counter(status for statuses in answers for status in statuses)


async def type_until(editor, over):
    """Type five keys a second; return the longest wait for an acknowledgement."""
    slowest = 0.0
    while not over.is_set():
        began = time.monotonic()
        await editor.write("a")
        await editor.settled(60)
        slowest = max(slowest, time.monotonic() - began)
        await asyncio.sleep(0.2)
    return slowest


@contextmanager
def locked(app, seconds):
    """Hold the lock of all writers for a while, as a slow command of the operator would."""
    path = app.config["INSTANCE"] / "workgroup.sqlite"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(seconds, other.rollback)
    timer.start()
    yield
    timer.join()
    other.close()


def vote_while_amy_types(polling):
    """Play the scene; return the statuses, Amy's slowest save, and her editor."""
    server, app, section_id, ballot_id = polling

    async def scene():
        amy = await Editor(server.url, section_id, cookie_of(app, "amy")).open()
        over = asyncio.Event()
        typing = asyncio.create_task(type_until(amy, over))
        statuses = await asyncio.to_thread(all_vote, server, app, ballot_id)
        over.set()
        slowest = await typing
        assert amy.closed is None  # nobody threw her room away
        await amy.close()
        return statuses, slowest, amy

    return play(scene())


def check_votes(polling):
    """See that every vote stands as it was cast, once."""
    _, app, _, ballot_id = polling
    with app.app_context():
        votes = db.session.execute(
            select(User.printed_name, Vote.position, Vote.reason)
            .join(Elector, Elector.id == Vote.elector_id)
            .join(Membership, Membership.id == Elector.membership_id)
            .join(User, User.id == Membership.user_id)
            .where(Vote.ballot_id == ballot_id)
        ).all()
    expected = {
        (f"Voter {number}", POSITIONS[number % 3], reason(number))
        for number in range(VOTERS)
    }
    assert len(votes) == VOTERS
    assert {tuple(vote) for vote in votes} == expected


def test_every_vote_counts_and_no_save_is_refused(polling):
    statuses, slowest, amy = vote_while_amy_types(polling)

    assert statuses.keys() <= {303, 503}
    assert statuses[303] == VOTERS
    assert slowest < PATIENT
    assert len(amy.rows) == amy.n + 1
    check_votes(polling)


def test_a_lock_that_lasts_gives_503_with_the_words_and_is_waited_for(polling):
    server, app, *_ = polling

    with locked(app, LOCKED_FOR):
        statuses, slowest, amy = vote_while_amy_types(polling)

    assert statuses.keys() == {303, 503}
    assert statuses[303] == VOTERS
    assert LOCKED_FOR - 1 < slowest < LOCKED_FOR + PATIENT
    assert len(amy.rows) == amy.n + 1
    assert not re.search(r"Traceback|reference", server.log)
    check_votes(polling)
