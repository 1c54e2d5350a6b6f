"""How many can write at once: 300 editors in rooms of ten against one server process.

    python -m benchmarks.live [--rooms N] [--in-room N]

Each editor sends four keystrokes and one cursor a second. The server has one core and the
editors have the other. Two ticks are measured one after another in the same run.
"""

import argparse
import asyncio
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import uvicorn
import uvloop
from sqlalchemy import select

from app import create_app
from benchmarks import typists
from benchmarks.typists import Run, Seat
from tests import cast
from tests.conftest import fill, settings
from tests.live.editors import write_section
from tests.servers import ROOT, free_port
from workgroup import server
from workgroup.cohorts.models import Cohort, Membership
from workgroup.cohorts.roles import Role
from workgroup.database import db
from workgroup.live import relay

TICKS = (0.01, 0.02)  # seconds; the first is the one in use
START_LIMIT = 60
KILOBYTES = 1024


@dataclass
class Figures:
    """What one measurement gave."""

    delay: tuple[float, float]  # milliseconds: the median, the slowest in a hundred
    ack: tuple[float, float]
    lost: int
    rows: int
    cpu: float  # of one core
    memory: float  # megabytes
    closed: list[str]


def main() -> None:
    """Measure each tick and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, default=30)
    parser.add_argument("--in-room", type=int, default=10)
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--tick", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.tick)
        return
    pin(1)
    print(machine())
    editors = options.rooms * options.in_room
    print(f"{editors} editors in rooms of {options.in_room}, {typists.MEASURED} s each")
    print(
        "tick     to the others p50 / p99   acknowledged p50 / p99   CPU   memory  lost"
    )
    for tick in TICKS:
        show(tick, measure(tick, options.rooms, options.in_room))
    print(
        "wanted, at 10 ms: to the others p99 < 100 ms, acknowledged p99 < 50 ms, 0 lost"
    )


def show(tick: float, figures: Figures) -> None:
    """Print one line."""
    print(
        f"{tick * 1000:3.0f} ms  {figures.delay[0]:12.1f} / {figures.delay[1]:5.1f} ms"
        f"  {figures.ack[0]:13.1f} / {figures.ack[1]:5.1f} ms  {figures.cpu:5.0%}"
        f"  {figures.memory:4.0f} MB  {figures.lost} of {figures.rows}"
    )
    for reason in sorted(set(figures.closed)):
        print(f"         {figures.closed.count(reason)} sockets closed: {reason}")


def measure(tick: float, rooms: int, in_room: int) -> Figures:
    """Start a server on the first core and measure it from the second."""
    folder = Path(tempfile.mkdtemp(prefix="workgroup-bench-"))
    port = free_port()
    try:
        seats = prepare(folder, rooms, in_room)
        mode = ("--serve", str(port), "--tick", str(tick))
        child = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.live", *mode],
            cwd=ROOT,
            env={**os.environ, "WORKGROUP_INSTANCE": str(folder), "PORT": str(port)},
        )
        try:
            wait_for(port)
            return uvloop.run(typed(port, seats, child.pid))
        finally:
            child.terminate()
            child.wait()
    finally:
        shutil.rmtree(folder)


async def typed(port: int, seats: list[Seat], pid: int) -> Figures:
    """Make everybody type; return the figures."""
    run = Run(port, waiting=len(seats))
    people = await typists.sit_down(run, seats)
    await typists.type_together(run, people)
    used, began = cpu(pid), time.monotonic()
    await asyncio.sleep(typists.MEASURED)
    share = (cpu(pid) - used) / (time.monotonic() - began)
    lost = await typists.stop_typing(run, people)
    return Figures(
        delay=percentiles(run.delays),
        ack=percentiles(run.acks),
        lost=lost,
        rows=len(run.sent_at) * (len(seats) // len({seat.path for seat in seats})),
        cpu=share,
        memory=memory(pid),
        closed=run.closed,
    )


def prepare(instance: Path, rooms: int, in_room: int) -> list[Seat]:
    """Write people and sections; give everybody a seat."""
    fill(instance)
    app = create_app(settings(instance))
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's own
    seats = []
    with app.app_context():
        cohort = db.session.scalars(
            select(Cohort).where(Cohort.slug == cast.SLUG)
        ).one()
        for room in range(rooms):
            section = write_section(f"Section {room}")
            for place in range(in_room):
                name = f"editor-{room}-{place}"
                user = cast.write_user(name, f"Editor {room}.{place}", "-", "UTC")
                db.session.add(
                    Membership(
                        cohort_id=cohort.id,
                        user_id=user.id,
                        roles=frozenset({Role.ORGANIZER}),
                        joined_at=cast.JOINED,
                    )
                )
                session = signer.dumps({"_user_id": cast.uniquifier(name)})
                cookie = f"{app.config['SESSION_COOKIE_NAME']}={session}"
                path = f"/c/{cast.SLUG}/sections/{section.id}/live"
                seats.append(Seat(path, cookie))
        db.session.commit()
        db.engine.dispose()
    return seats


def serve(port: int, tick: float) -> None:
    """Be the server: one process, one core, no worker beside it."""
    pin(0)
    relay.TICK = tick
    site = server.Site(create_app())
    uvicorn.Server(server.configuration(site, "127.0.0.1", port)).run()


def wait_for(port: int) -> None:
    """Wait until the server takes connections."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def pin(core: int) -> None:
    """Stay on one core, where there are two."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[core % len(cores)]})


def cpu(pid: int) -> float:
    """Return the processor seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """Return a process's resident memory, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / KILOBYTES


def percentiles(seconds: list[float]) -> tuple[float, float]:
    """Return the median and the 99th percentile, in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100)
    return cuts[49] * 1000, cuts[98] * 1000


def machine() -> str:
    """Return where this was measured, and what else ran."""
    processor = Path("/proc/cpuinfo").read_text().partition("model name")[2]
    name = processor.partition("\n")[0].strip("\t :") or platform.machine()
    return (
        f"{name}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before, "
        f"Linux {platform.release()}, Python {platform.python_version()}"
    )


if __name__ == "__main__":
    main()
