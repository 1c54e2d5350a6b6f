"""A browser never runs files of two builds together: an address changes with the bytes."""

import re
import shutil
from pathlib import Path

import pytest

from tests import cast
from workgroup import assets

ROOT = Path(__file__).parents[2]
TEXTS = {".js", ".css", ".svg"}
FILES = sorted(path for path in assets.FOLDER.rglob("*") if path.is_file())
NAMES = re.compile(
    r"""\bimport\(?\s*["']([^"']+)["']|\bfrom\s*["']([^"'\s]+\.m?js)["']|url\(["']?([^"')]+)"""
)


@pytest.fixture
def copy(tmp_path):
    """A copy of all files, to be changed."""
    return Path(shutil.copytree(assets.FOLDER, tmp_path / "static"))


def test_the_address_stays_while_no_byte_changes(copy):
    assert assets.address_of(copy) == assets.address_of(assets.FOLDER)


@pytest.mark.parametrize("name", ["confirm.js", "css/base.css", "icons/icons.svg"])
def test_every_address_changes_with_a_byte_of_any_file(copy, name):
    file = copy / name
    file.write_bytes(file.read_bytes() + b" ")

    assert assets.address_of(copy) != assets.address_of(assets.FOLDER)


def test_the_address_changes_with_a_name(copy):
    (copy / "confirm.js").rename(copy / "agree.js")

    assert assets.address_of(copy) != assets.address_of(assets.FOLDER)


def test_a_file_at_its_address_is_kept_for_good(app):
    visitor = app.test_client()
    for path in FILES:
        name = path.relative_to(assets.FOLDER).as_posix()
        with visitor.get(f"{app.static_url_path}/{name}") as answer:
            assert answer.data == path.read_bytes()
            assert "immutable" in answer.headers["Cache-Control"]


def test_a_file_is_the_same_for_everybody_and_asks_the_database_nothing(
    app, as_, counted_queries
):
    """A cache that many share may keep it, so no session goes out with it."""
    amy = as_("amy")
    with amy.session_transaction() as session:
        # Flask-Login then writes the session again.
        session["_id"] = "of another network"

    for build in ("0123456789abcdef", app.static_url_path.rsplit("/", 1)[-1]):
        with (
            counted_queries() as seen,
            amy.get(f"/static/{build}/page.js") as answer,
        ):
            assert answer.status_code == 200
        assert seen == []
        assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers  # of the last, which is kept

    page = amy.get("/notices/count")
    assert "Set-Cookie" in page.headers
    assert "Cookie" in page.headers["Vary"]


@pytest.mark.parametrize("build", ["0123456789abcdef", "css"])
def test_a_page_from_before_an_upgrade_gets_files_that_are_not_kept(app, build):
    visitor = app.test_client()

    with visitor.get(f"/static/{build}/page.js") as answer:
        assert answer.data == (assets.FOLDER / "page.js").read_bytes()
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_missing_file_is_not_cached_either(app):
    visitor = app.test_client()

    for path in (f"{app.static_url_path}/nothing.js", "/static/0123/nothing.js"):
        answer = visitor.get(path)
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store"


def test_files_name_others_by_addresses_relative_to_their_own():
    for path in FILES:
        if path.suffix not in TEXTS:
            continue
        for found in NAMES.findall(path.read_text()):
            name = "".join(found)
            if name.startswith(("data:", "#")):
                continue
            assert name.startswith("."), f"{path.name}: {name}"
            assert (path.parent / name).is_file(), f"{path.name}: {name}"


def test_pages_name_files_by_their_address(app, as_):
    page = as_("hana").get(f"/c/{cast.SLUG}/").text

    named = re.findall(r'"(/static/[^"#]*)', page)
    assert len(named) > 10
    assert all(name.startswith(f"{app.static_url_path}/") for name in named)
    for file in (*ROOT.glob("templates/**/*.html"), *ROOT.glob("workgroup/**/*.py")):
        if file.name != "assets.py":
            assert "/static" not in file.read_text(), file
