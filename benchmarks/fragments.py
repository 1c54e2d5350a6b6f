"""The cost of what an open page fetches and of the longest lists: bytes and processor time.

    python -m benchmarks.fragments [--threads N] [--ballots N] [--people N] [--repeats N]

Requests from the application itself, without a network, each part that an open page fetches,
and prints its bytes and the processor time that making it took, beside what they may be.
Exits with 1 if a part exceeds its bound.
"""

import argparse
import os
import platform
import re
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import select

from app import create_app
from benchmarks.pdf import processor
from tests import cast
from tests.deciding.building import a_ballot
from tests.discussion.many import discuss
from tests.furniture import furnish
from workgroup import config
from workgroup.database import db
from workgroup.discussion import queries, services
from workgroup.notifications import jobs as notifications
from workgroup.server import set_up_interpreter
from workgroup.web import or_404

HTMX = {"HX-Request": "true"}


@dataclass(frozen=True)
class Part:
    """What is asked for, and what it may cost each time."""

    name: str
    address: str
    most_kib: float
    most_ms: float  # of processor time, in the median
    is_page: bool = False  # whole, not a part that an open page asks for

    def measure(self, client: FlaskClient, repeats: int) -> bool:
        """Print a line; return whether it stays within its bounds."""
        headers = {} if self.is_page else HTMX
        size, times = 0, []
        for _ in range(repeats):
            started = time.process_time()
            size = len(client.get(self.address, headers=headers).data)
            times.append(1000 * (time.process_time() - started))
        median, worst = statistics.median(times), max(times)
        print(
            f"{self.name:24}{size / 1024:8.1f} of {self.most_kib:5.0f} KiB"
            f"{median:8.1f} of {self.most_ms:4.0f} ms CPU (worst {worst:.1f})"
        )
        return size <= self.most_kib * 1024 and median <= self.most_ms


def main() -> int:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1000)
    parser.add_argument("--ballots", type=int, default=1000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        settings = config.read({"WORKGROUP_INSTANCE": scratch})
        app = create_app(settings)
        with app.app_context():
            upgrade(directory=str(Path(__file__).parents[1] / "migrations"))
        section = prepare(app, options)
        set_up_interpreter()
        return report(app, section, options)


def prepare(app: Flask, options: argparse.Namespace) -> str:
    """Write the cast, a section and its discussion.

    Returns:
        The section's address.
    """
    with app.app_context():
        cast.found_both_cohorts("!")
        section_id = furnish(cast.SLUG, "Words").ids["section_id"]
        discuss(section_id, cast.person("hana"), threads=options.threads)
        db.session.commit()
    return f"/c/{cast.SLUG}/sections/{section_id}"


def fill(app: Flask, options: argparse.Namespace) -> None:
    """Write the ballots, the people, and all their notices."""
    with app.app_context():
        for number in range(options.ballots):
            a_ballot(f"Section {number}")
        cast.write_colleagues(cast.person("amy"), options.people)
        db.session.commit()
        notifications.write_notices()


def reply(app: Flask) -> None:
    """Have Hana reply to a thread in the middle of the discussion."""
    with app.app_context():
        hana = cast.person("hana")
        ids = db.session.scalars(select(services.Thread.public_id)).all()
        thread = or_404(queries.find_thread(hana, ids[len(ids) // 2]))
        services.reply(thread, hana, "That office exists already.")
        db.session.commit()


def report(app: Flask, section: str, options: argparse.Namespace) -> int:
    """Print a line for each part; return 1 where one is over its bound."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = session["fs_identifier"] = cast.uniquifier("amy")
        session["_fresh"] = True
    page = client.get(f"{section}/").text
    [changed] = re.findall(r'data-changed="(\d+)"', page)
    reply(app)
    cohort = f"/c/{cast.SLUG}"
    parts = [
        Part("a comment", f"{section}/threads?after={changed}", 8, 10),
        Part("nothing new", f"{section}/threads?after={2**62}", 0, 7),
        Part("state or ballot", f"{section}/standing", 4, 8),
        Part("who is signed in", "/account/who", 1, 4),
        Part("the whole page", f"{section}/", 160, 70, is_page=True),
    ]
    lists = [
        Part("count of notices", "/notices/count?shown=0", 2, 7),
        Part("the cohort's page", f"{cohort}/", 64, 120, is_page=True),
        Part("page of ballots", f"{cohort}/ballots", 64, 40, is_page=True),
        Part("page of people", f"{cohort}/people", 64, 40, is_page=True),
        Part("page of notices", "/notices", 64, 60, is_page=True),
    ]
    print(f"{processor()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(
        f"{options.threads} threads of one comment, {options.ballots} ballots, "
        f"{options.people} people; {options.repeats} requests each"
    )
    within = [part.measure(client, options.repeats) for part in parts]
    fill(app, options)
    within += [part.measure(client, options.repeats) for part in lists]
    return 0 if all(within) else 1


if __name__ == "__main__":
    sys.exit(main())
