"""A stored file is served whole or in part, to one who has it not at all, and as no page."""

import pytest

from tests.files.storing import put
from tests.publishing.building import PAGE, decided_report, requested
from workgroup.database import db
from workgroup.files import services
from workgroup.files.names import disposition, safe_name
from workgroup.files.serving import CHUNK_BYTES
from workgroup.files.spool import PIECE_BYTES
from workgroup.publishing import services as publishing
from workgroup.publishing.printing import Printed

pytestmark = pytest.mark.both_databases

CONTENT = bytes(range(256)) * (3 * PIECE_BYTES // 256) + b"end"
SIZE = len(CONTENT)


def write_export():
    """Write a finished export; return the address of its file."""
    export = requested(decided_report())
    printed = Printed(3, "0" * 64)
    publishing.finish(export, printed, "보고서 2027.pdf", final=True)
    services.refer(put(CONTENT), "export", export.id)
    return f"{PAGE}{export.id}/report.pdf"


@pytest.fixture
def ask(database, app, as_):
    """Ask for a finished export with these headers, as a browser does."""
    address = database.once(write_export)

    def get(method="GET", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return as_("paul").open(address, method=method, headers=named)

    return get


def test_the_whole_file_comes_with_headers_that_make_it_no_page(ask):
    answer = ask()

    assert answer.data == CONTENT
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.content_length == SIZE
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Accept-Ranges"] == "bytes"
    name = "attachment; filename=\"2027.pdf\"; filename*=UTF-8''%EB%B3%B4"
    assert answer.headers["Content-Disposition"].startswith(name)


def test_a_browser_that_has_the_file_gets_no_bytes(ask):
    tag, weak = ask().headers["ETag"], False

    answer = ask(If_None_Match=tag)

    assert tag.startswith('"') is not weak
    assert answer.status_code == 304
    assert answer.data == b""
    assert ask(If_None_Match='"another"').status_code == 200


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=262143-262144", PIECE_BYTES - 1, PIECE_BYTES + 1),
        ("bytes=500000-", 500_000, SIZE),
        ("bytes=-3", SIZE - 3, SIZE),
        ("bytes=5-999999999", 5, SIZE),
    ],
)
def test_a_part_is_served_alone(ask, asked, start, stop):
    answer = ask(Range=asked)

    assert answer.status_code == 206
    assert answer.data == CONTENT[start:stop]
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    assert answer.content_length == stop - start


@pytest.mark.parametrize("asked", ["bytes=9999999-", "bytes=0-0,5-9", "lines=1-2", "x"])
def test_a_part_that_is_not_there_is_refused_and_an_odd_one_is_the_whole(ask, asked):
    answer = ask(Range=asked)

    if asked == "bytes=9999999-":
        assert answer.status_code == 416
        assert answer.headers["Content-Range"] == f"bytes */{SIZE}"
    else:
        assert (answer.status_code, answer.data) == (200, CONTENT)


def test_a_part_of_another_version_is_answered_with_the_whole(ask):
    tag = ask().headers["ETag"]

    assert ask(Range="bytes=0-3", If_Range=tag).status_code == 206
    assert ask(Range="bytes=0-3", If_Range='"older"').data == CONTENT


def test_its_head_alone_reads_no_piece(ask, counted_queries):
    with counted_queries() as seen:
        answer = ask(method="HEAD")

    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.content_length == SIZE
    assert [each for each in seen if "file_pieces" in each] == []


def test_a_slow_client_holds_no_connection_and_one_piece_at_a_time(
    app, ask, counted_queries
):
    with counted_queries() as seen:
        answer = ask(method="GET")
        taken, busy = [], []
        with app.app_context():
            pool = db.engine.pool
        for chunk in answer.iter_encoded():
            taken.append(len(chunk))
            busy.append(pool.checkedout())

    assert sum(taken) == SIZE
    assert max(taken) <= CHUNK_BYTES
    assert set(busy) == {0}
    assert len([each for each in seen if "file_pieces" in each]) == 4


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("보고서.pdf", "보고서.pdf"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ('a"b\r\nSet-Cookie: x.pdf', "a-bSet-Cookie- x.pdf"),
        ("report\u202efdp.exe", "reportfdp.exe"),
        (".htaccess", "htaccess"),
        ("\u200b\u0000", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("", "file"),
        ("보고서.pdf ", "보고서.pdf"),
    ],
)
def test_a_name_is_one_plain_name_on_every_system(name, safe):
    header = disposition(name, download=False)

    assert safe_name(name) == safe
    assert header.startswith("inline; filename=")
    assert header.isascii()
    assert "\n" not in header
    assert header.count('"') == 2


@pytest.mark.parametrize(
    ("name", "plain"), [("보고서.pdf", "file.pdf"), ("Größe.pdf", "Groe.pdf")]
)
def test_an_old_browser_gets_a_name_in_ascii(name, plain):
    assert f'filename="{plain}"' in disposition(name, download=True)
