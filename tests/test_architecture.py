"""House rules that no linter knows."""

import ast
import re
from pathlib import Path

import pytest

import app as app_module
from app import create_app
from tests.conftest import settings
from workgroup import web

ROOT = Path(__file__).parent.parent
# By the file, so that no folder's name excuses what lies in it.
ENTRY_POINTS = re.compile(
    r"workgroup/(cli|jobs/(cli|worker)|live/hub|\w+/views(/\w+)?|(?!jobs/)\w+/jobs)\.py"
)
OURS = ("workgroup", "exports", "tests", "benchmarks")
VIEWS = re.compile(r"/views(\.py$|/)")  # one file, or a folder of them
MODULES = sorted(
    path
    for path in (
        ROOT / "app.py",
        *(p for top in OURS for p in (ROOT / top).rglob("*.py")),
    )
    if path.is_file()
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def name(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_entry_points_commit(path):
    inside = path.relative_to(ROOT)
    if inside.parts[0] in {"tests", "benchmarks"}:
        return

    if not ENTRY_POINTS.fullmatch(str(inside)):
        text = path.read_text()
        if path.name == "database.py":  # what a commit is, and how a reading ends
            text = text.replace("super().commit()", "").replace("session.commit()", "")
        assert ".commit(" not in text


SCRIPTS = sorted(
    path
    for folder in ("frontend/src", "workgroup/static")
    for path in (ROOT / folder).glob("*.js")
)


# Also the scripts' tests, and migrations, which are written by hand like the rest.
READ = [
    *MODULES,
    *SCRIPTS,
    *sorted((ROOT / "frontend" / "test").glob("*.mjs")),
    *sorted((ROOT / "migrations").rglob("*.py")),
]
# Instances have run them, so they are edited no more, not even to be divided.
RELEASED = {
    "20261122_0347_7c1d0e5a9b42_first_schema.py",
    "20261126_1600_b1f0c2d4e601_guards.py",
}


@pytest.mark.parametrize("path", READ, ids=name)
def test_no_file_outgrows_a_reading(path):
    if path.name not in RELEASED:
        assert path.read_text().count("\n") <= 300


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_function_outgrows_half_a_screen(path):
    if path.relative_to(ROOT).parts[0] == "tests":
        return
    limit = 20 if VIEWS.search(str(path)) else 45

    sizes = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {name: size for name, size in sizes.items() if size > limit} == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_is_short_and_has_no_inline_style_or_script(path):
    text = path.read_text()

    assert text.count("\n") <= 120
    assert not re.search(r"\sstyle=|\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*(\ssrc=|application/json))", text)
    assert "| safe" not in text
    assert "|safe" not in text


def test_no_module_is_a_bag_of_things():
    names = {path.stem for path in MODULES}

    assert not names & {"utils", "helpers", "common", "util", "misc"}


# Words of our own for return, notify, receive, send, again, which a newcomer would have to learn.
DIALECT = re.compile(
    r"(^|_)(says?|said|tells?|told|telling|hears?|heard|spoil\w*|anew|whoever)(_|$)"
)


SAYS = {"say", "says", "tell", "tells"}


def names_in(path):
    yield path.stem
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_names_are_those_that_an_engineer_would_choose(path):
    files_interface = {"tell"} if path.name == "reader.py" else set()

    odd = {one: found[2] for one in names_in(path) if (found := DIALECT.search(one))}
    # A test's name is a sentence, and a page may say something.
    allowed = {
        one for one, word in odd.items() if one.startswith("test_") and word in SAYS
    }

    assert odd.keys() - allowed <= files_interface


def test_a_page_that_nobody_declared_stops_the_start(tmp_path):
    app = create_app(settings(tmp_path))

    app.add_url_rule("/forgotten", "forgotten", lambda: "")

    with pytest.raises(RuntimeError, match="forgotten"):
        web.check_declared(app, app_module.FOREIGN_POLICIES)


def test_every_endpoint_has_a_policy(app):
    assert set(app.extensions["policies"]) >= set(app.view_functions)


def features():
    """Read the order of the features from the contract, the lowest first."""
    lines = (ROOT / ".importlinter").read_text().split("layers =")[1].split("[")[0]
    return re.findall(r"\((\w+)\)", lines)[::-1]


@pytest.mark.parametrize(
    "path", [path for path in MODULES if "workgroup" in path.parts], ids=name
)
def test_no_feature_leads_to_a_page_of_one_above_it(app, path):
    """An address by name is a dependency that no import shows."""
    order, own = features(), path.relative_to(ROOT).parts[1].removesuffix(".py")
    if own not in order:
        return
    above = {feature for feature in order if order.index(feature) > order.index(own)}
    blueprints = {
        endpoint: view.__module__.split(".")[1]
        for endpoint, view in app.view_functions.items()
        if view.__module__.startswith("workgroup.")
    }

    named = {
        node.value
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in blueprints
    }

    assert {endpoint for endpoint in named if blueprints[endpoint] in above} == set()
