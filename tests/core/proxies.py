"""A real nginx on loopback with a certificate of its own, from the documented file."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from app import create_app
from tests.conftest import missing, settings
from tests.live.editors import write_section
from tests.servers import ROOT, Leash, Server, free_port
from tests.waiting import PATIENT
from workgroup.database import db

NAME = "report.example"


@dataclass
class Proxy:
    """TLS before a server of Workgroup, as docs/nginx.conf has it."""

    folder: Path
    upstream: int  # the port of Workgroup
    port: int = field(default_factory=free_port)
    plain_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    leash: Leash | None = None

    @property
    def url(self) -> str:
        """The public address."""
        return f"https://localhost:{self.port}"

    @property
    def trust(self) -> ssl.SSLContext:
        """A context that knows the certificate."""
        return ssl.create_default_context(cafile=self.folder / "cert.pem")

    def start(self) -> None:
        """Make the certificate, write the configuration, start in the foreground."""
        self.make_certificate()
        site = (ROOT / "docs" / "nginx.conf").read_text()
        for documented, here in {
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl;",
            f"/etc/ssl/certs/{NAME}.pem": str(self.folder / "cert.pem"),
            f"/etc/ssl/private/{NAME}.key": str(self.folder / "key.pem"),
            "http://127.0.0.1:8000": f"http://127.0.0.1:{self.upstream}",
            f"https://{NAME}": self.url,
            f"server_name {NAME};": "server_name localhost;",
        }.items():
            assert documented in site
            site = site.replace(documented, here)
        (self.folder / "site.conf").write_text(site)
        (self.folder / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {self.folder}/nginx.pid;\n"
            f"error_log {self.folder}/error.log;\n"
            "events { worker_connections 512; }\n"
            f"http {{ access_log off; include {self.folder}/site.conf;\n"
            + "".join(
                f"{kind}_temp_path {self.folder}/{kind};\n"
                for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            )
            + "}\n"
        )
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
        self.process = subprocess.Popen(
            [program, "-e", f"{self.folder}/error.log", "-c", f"{self.folder}/nginx.conf"],
        )  # fmt: skip
        self.leash = Leash(f"kill -9 {self.process.pid}")
        deadline = time.monotonic() + PATIENT
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), PATIENT).close()
            except OSError:
                assert self.process.poll() is None, self.log
                assert time.monotonic() < deadline, self.log
                time.sleep(0.05)
            else:
                return

    @property
    def log(self) -> str:
        """What nginx complained of."""
        path = self.folder / "error.log"
        return path.read_text() if path.exists() else ""

    def make_certificate(self) -> None:
        """Sign a certificate for localhost with its own key."""
        subprocess.run(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            ],
            check=True, capture_output=True,
        )  # fmt: skip

    def stop(self) -> None:
        """End it."""
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=PATIENT)
            self.leash.release()


@contextmanager
def behind_a_proxy(folder: Path, template: Path) -> Iterator[SimpleNamespace]:
    """Start a server that believes one proxy, with nginx before it and one section."""
    if shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin") is None:
        missing("nginx")
    instance = folder / "instance"
    shutil.copytree(template, instance)
    app = create_app(settings(instance))
    with app.app_context():
        section = write_section()
        db.session.commit()
        number = section.id
        db.engine.dispose()
    port = free_port()
    (folder / "nginx").mkdir()
    proxy = Proxy(folder / "nginx", upstream=port)
    server = Server(
        instance,
        port,
        settings={"WORKGROUP_PUBLIC_URL": proxy.url, "WORKGROUP_PROXIES": "1"},
    )
    server.start()
    proxy.start()
    yield SimpleNamespace(
        app=app, server=server, proxy=proxy, url=proxy.url, section=number
    )
    proxy.stop()
    server.stop()
