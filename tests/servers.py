"""Real servers for tests: Workgroup itself and PostgreSQL, on free ports of loopback."""

import os
import shlex
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests import nursery

ROOT = Path(__file__).parent.parent
START_LIMIT = 30  # seconds
STOP_LIMIT = 15


def free_port() -> int:
    """Ask the system for a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Leash:
    """Runs a shell command when this process ends, however it ends, unless released.

    A fixture's own end is not enough: a run of tests that is killed never comes to it.
    """

    def __init__(self, command: str) -> None:
        # Nobody writes, so the shell reads on until the system closes our end.
        self.shell = subprocess.Popen(
            ["sh", "-c", f"read _ || {{ {command}; }}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )

    def release(self) -> None:
        """Let the command be: what it was to end has ended."""
        self.shell.communicate(b"\n")


@dataclass
class Server:
    """One `flask serve` with its own instance; killed and started again at will."""

    instance: Path
    port: int = field(default_factory=free_port)
    host: str = "127.0.0.1"
    database_url: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    forks_worker: bool = True  # else its worker is a child, started as a command
    process: BaseProcess | None = None
    leash: Leash | None = None

    @property
    def url(self) -> str:
        """The address of its pages."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def log(self) -> str:
        """What the server has logged so far."""
        return (self.instance / "server.log").read_text()

    def environment(self) -> dict[str, str]:
        """Return what the server's process is given."""
        environment = {
            **os.environ,
            "WORKGROUP_INSTANCE": str(self.instance),
            "HOST": self.host,
            "PORT": str(self.port),
            **self.settings,
        }
        if self.database_url:
            environment["WORKGROUP_DATABASE_URL"] = self.database_url
        return environment

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = self.instance / "server.log"
        self.process = nursery.serve(
            ROOT, self.environment(), log, forks_worker=self.forks_worker
        )
        self.leash = Leash(f"kill -9 {self.process.pid}")
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            if not self.process.is_alive():
                self.release()
                raise RuntimeError(f"the server did not start:\n{self.log}")
            if self.answers():
                return
            time.sleep(0.05)
        raise RuntimeError(f"the server did not answer:\n{self.log}")

    def answers(self) -> bool:
        """Ask for a page; return whether there was an answer."""
        try:
            address = f"{self.url}/account/sign-in"
            with urllib.request.urlopen(address, timeout=2):  # until the next try
                return True
        except urllib.error.HTTPError:  # it answers, to another name
            return True
        except OSError:
            return False

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        assert self.process
        self.process.kill()
        self.process.join()
        self.release()

    def stop(self) -> None:
        """Ask it to end, and wait."""
        if self.process and self.process.is_alive():
            self.process.terminate()
            self.process.join(STOP_LIMIT)
            if self.process.is_alive():
                self.kill()
                raise TimeoutError("the server did not stop")
        self.release()

    def release(self) -> None:
        """Forget a process that has ended; its number may be another's soon."""
        if self.leash:
            self.leash.release()
            self.leash = None


def postgresql_folder() -> Path | None:
    """Return where PostgreSQL's programs are; Debian keeps them off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


class PostgreSQL:
    """A PostgreSQL with temporary data; as root it runs as the user postgres."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "postgresql"
        self.leash: Leash | None = None
        self.port = free_port()
        self.programs = postgresql_folder()
        self.data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(self.data, "postgres", "postgres")
            for parent in (folder, *folder.parents):
                if parent.owner() == "root" and parent != Path("/"):
                    parent.chmod(parent.stat().st_mode | 0o011)

    def command(self, program: str, *arguments: str) -> list[str]:
        """Return how one of PostgreSQL's programs is run on this cluster."""
        command = [str(self.programs / program), "-D", str(self.data), *arguments]
        as_postgres = ["runuser", "-u", "postgres", "--"]
        return [*as_postgres, *command] if os.geteuid() == 0 else command

    def run(self, command: list[str]) -> None:
        """Run one of them to its end."""
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)

    def start(self) -> None:
        """Make the cluster and start it."""
        self.run(
            self.command(
                "initdb", "-E", "UTF8", "--locale=C.UTF-8",
                "-U", "workgroup", "-A", "trust", "--no-sync",
            )
        )  # fmt: skip
        # Nothing here must outlive the machine, so nothing waits for the disk.
        options = " ".join(
            (
                f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.data}",
                "-c fsync=off -c full_page_writes=off",
            )
        )
        log = str(self.data / "log")
        self.run(self.command("pg_ctl", "-l", log, "-o", options, "-w", "start"))
        ending = f"{shlex.join(self.ending)}; rm -rf {shlex.quote(str(self.folder))}"
        self.leash = Leash(ending)

    @property
    def ending(self) -> list[str]:
        """The command that stops it at once; its data are thrown away."""
        return self.command("pg_ctl", "-m", "immediate", "-w", "stop")

    def stop(self) -> None:
        """Stop it."""
        self.run(self.ending)
        if self.leash:
            self.leash.release()

    def url(self, database: str) -> str:
        """Return the address of one of its databases."""
        return f"postgresql://workgroup@127.0.0.1:{self.port}/{database}"
