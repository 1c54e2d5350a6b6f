"""What one change costs an open page, in a section with a thousand comments.

    python -m benchmarks.fragments [--threads N] [--repeats N]

Asks the application itself, without a network, for each part that an open page fetches,
and prints its bytes and the processor time that making it took.
"""

import argparse
import os
import platform
import re
import statistics
import tempfile
import time
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from app import create_app
from benchmarks.pdf import processor
from tests import cast
from tests.discussion.many import discuss
from tests.furniture import furnish
from workgroup import config
from workgroup.cohorts import queries as cohorts
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.discussion import queries, services
from workgroup.web import or_404

HTMX = {"HX-Request": "true"}


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        settings = config.read({"WORKGROUP_INSTANCE": scratch})
        app = create_app(settings)
        with app.app_context():
            upgrade(directory=str(Path(__file__).parents[1] / "migrations"))
        report(app, options.threads, options.repeats)


def prepare(app: Flask, threads: int) -> str:
    """Write the cast, a section and its discussion; return the section's address."""
    with app.app_context():
        cast.found_both_cohorts("!")
        section_id = furnish(cast.SLUG, "Words").ids["section_id"]
        discuss(section_id, member("hana"), threads=threads)
        db.session.commit()
    return f"/c/{cast.SLUG}/sections/{section_id}"


def member(name: str) -> Membership:
    """Return somebody of the cast."""
    return or_404(cohorts.find_membership(cast.SLUG, cast.user_id(name)))


def reply(app: Flask) -> None:
    """Write a reply of Hana's in the middle of the discussion."""
    with app.app_context():
        hana = member("hana")
        ids = db.session.scalars(select(services.Thread.public_id)).all()
        thread = or_404(queries.find_thread(hana, ids[len(ids) // 2]))
        services.reply(thread, hana, "That office exists already.")
        db.session.commit()


def report(app: Flask, threads: int, repeats: int) -> None:
    """Print a line for each part."""
    section = prepare(app, threads)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = session["fs_identifier"] = cast.uniquifier("amy")
        session["_fresh"] = True
    page = client.get(f"{section}/").text
    [changed] = re.findall(r'data-changed="(\d+)"', page)
    reply(app)
    parts = {
        "a comment": f"{section}/threads?after={changed}",
        "nothing new": f"{section}/threads?after={2**62}",
        "state or ballot": f"{section}/standing",
        "the whole page": f"{section}/",
    }
    print(f"{processor()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{threads} threads of one comment; {repeats} requests each")
    for name, address in parts.items():
        headers = {} if address.endswith("/") else HTMX
        size, times = 0, []
        for _ in range(repeats):
            started = time.process_time()
            size = len(client.get(address, headers=headers).data)
            times.append(1000 * (time.process_time() - started))
        median, worst = statistics.median(times), max(times)
        print(
            f"{name:16}{size / 1024:8.1f} KiB{median:8.1f} ms CPU (worst {worst:.1f})"
        )


if __name__ == "__main__":
    main()
