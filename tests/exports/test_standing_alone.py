import dataclasses
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pikepdf

from exports import fonts
from exports.document import Status
from exports.problems import ExportError
from tests.exports.child import call, export, python
from tests.exports.sample import sample
from tests.exports.writing import note, paragraph, section


@contextmanager
def counting_server():
    """A server on this machine that answers everything and counts."""
    hits = []

    class Counter(BaseHTTPRequestHandler):
        def do_GET(self):
            hits.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Counter)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", hits
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def hostile(address):
    """Words that would fetch something if any of them were taken for markup or style."""
    return (
        f'<img src="{address}/i"><link rel="attachment" href="file:///etc/hostname">'
        f'<style>@import "{address}/s";</style> "; }} @import url({address}/c); '
        f'*{{background:url("{address}/b")}} <a rel="attachment" href="{address}/a">'
    )


def test_nothing_in_a_document_is_fetched(engine, tmp_path):
    with counting_server() as (address, hits):
        words = hostile(address)
        whole = sample(Status.DRAFT)
        furniture = {
            field.name: f"{getattr(whole.furniture, field.name)} {words}"
            for field in dataclasses.fields(whole.furniture)
            if field.name != "draft"
        }
        run = export(
            dataclasses.replace(
                whole,
                title=words,
                body=words,
                sections=(
                    section("x", "chapter", words, paragraph(words, note(words))),
                ),
                furniture=dataclasses.replace(whole.furniture, **furniture),
            ),
            tmp_path,
        )

    assert run.code == 0, run.last
    assert hits == []
    with pikepdf.open(run.target) as pdf:
        assert not pdf.attachments


def test_the_layout_cannot_reach_the_network_or_the_disk(engine):
    with counting_server() as (address, hits):
        page = (
            f"<link rel=stylesheet href={address}/css>"
            f"<img src={address}/img alt=x><img src=file:///etc/hostname alt=x>"
            f"<object data={address}/object></object>"
        )
        done = python(
            "from exports import engine, setting\n"
            "from exports.compose import Composed\n"
            "weasyprint = engine.load()\n"
            "fetcher = setting.memory_fetcher(weasyprint, {})\n"
            f"style = '@font-face {{font-family: f; src: url({address}/font)}}'\n"
            f"composed = Composed({page!r}, style, {{}})\n"
            "setting.print_pages(weasyprint, composed, fetcher)\n"
            "print(len(fetcher.refused))"
        )

    assert int(done.stdout or 0) >= 5, done.stderr
    assert hits == []


def test_the_child_needs_nothing_of_the_site():
    done = python(
        "import sys, exports.__main__\n"
        "print(sorted(name for name in sys.modules\n"
        " if name.split('.')[0] in {'workgroup', 'flask', 'sqlalchemy', 'app'}))"
    )

    assert done.stdout == "[]\n", done.stderr


def test_the_child_limits_itself():
    done = python(
        "import resource\n"
        "from exports import limits\n"
        "limits.apply()\n"
        "names = 'RLIMIT_CPU', 'RLIMIT_AS', 'RLIMIT_FSIZE'\n"
        "print([resource.getrlimit(getattr(resource, name))[0] for name in names])"
    )

    assert done.stdout == f"{[300, 3 * 1024**3, 100 * 1024**2]}\n", done.stderr


def test_running_out_of_time_is_reported_before_the_child_ends():
    done = python(
        "import os, signal\n"
        "from exports import limits\n"
        "from exports.problems import ExportError\n"
        "limits.apply()\n"
        "try:\n"
        "    os.kill(os.getpid(), signal.SIGXCPU)\n"
        "except ExportError as error:\n"
        "    print(error.code)"
    )

    assert done.stdout == "cpu-limit\n", done.stderr


def test_the_check_says_in_one_line_what_is_missing(engine):
    run = call("--check")

    assert (run.code, run.lines) == (0, [{"missing": []}])


def test_a_missing_library_names_the_package_to_install():
    lacking = fonts.missing({"libnowhere.so.0": "libnowhere0"})

    assert [(each.kind, each.package) for each in lacking] == [
        ("library", "libnowhere0")
    ]


def test_missing_fonts_stop_the_export_with_the_packages_name(tmp_path):
    lacking = fonts.missing({}, (Path(tmp_path),))

    assert [(each.kind, each.package) for each in lacking] == [
        ("font", "fonts-noto-cjk")
    ]
    try:
        fonts.require_all(lacking)
    except ExportError as error:
        fields = error.as_json()
    assert fields["code"] == "missing-font"
    assert list(fields["packages"]) == ["fonts-noto-cjk"]
    assert "Install: fonts-noto-cjk" in fields["message"]
