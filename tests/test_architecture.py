"""House rules that no linter knows."""

import ast
import re
from functools import cache
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


def top(path):
    return path.relative_to(ROOT).parts[0]


@cache
def tree(path):
    return ast.parse(path.read_text())


def wrong(paths, look):
    """Return file → what a look at it finds, for files where it finds something.

    One test reads all files: a test for each would cost more than the reading.
    """
    return {name(path): found for path in paths if (found := look(path))}


def commits(path):
    """Return the lines of a module that commit, which an entry point may."""
    if ENTRY_POINTS.fullmatch(name(path)):
        return []
    text = path.read_text()
    if path.name == "database.py":  # what a commit is, and how a reading ends
        text = text.replace("super().commit()", "").replace("session.commit()", "")
    return [line.strip() for line in text.splitlines() if ".commit(" in line]


def test_only_entry_points_commit():
    ours = [path for path in MODULES if top(path) not in {"tests", "benchmarks"}]

    assert wrong(ours, commits) == {}


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


def lines_over(limit):
    """Return a look that finds the number of a file's lines, if there are more than the limit."""

    def look(path):
        lines = path.read_text().count("\n")
        return lines if lines > limit else None

    return look


def test_no_file_outgrows_a_reading():
    unreleased = [path for path in READ if path.name not in RELEASED]

    assert wrong(unreleased, lines_over(300)) == {}


def long_functions(path):
    """Return function → its lines, where they are more than half a screen; a view has fewer."""
    limit = 20 if VIEWS.search(str(path)) else 45
    sizes = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return {function: size for function, size in sizes.items() if size > limit}


def test_no_function_outgrows_half_a_screen():
    ours = [path for path in MODULES if top(path) != "tests"]

    assert wrong(ours, long_functions) == {}


INLINE = re.compile(
    r"\sstyle=|\son[a-z]+=|<script(?![^>]*(\ssrc=|application/json))|\|\s?safe"
)


def test_a_template_is_short_and_has_no_inline_style_or_script():
    assert wrong(TEMPLATES, lines_over(120)) == {}
    assert wrong(TEMPLATES, lambda path: INLINE.findall(path.read_text())) == {}


@pytest.mark.parametrize(
    "line",
    [
        '<p style="color: red">',
        '<p onclick="go()">',
        "<script>go()</script>",
        "{{ text | safe }}",
        "{{ text|safe }}",
    ],
)
def test_an_inline_style_or_script_would_be_seen(line):
    assert INLINE.search(line)


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
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def odd_names(path):
    files_interface = {"tell"} if path.name == "reader.py" else set()
    odd = {one: found[2] for one in names_in(path) if (found := DIALECT.search(one))}
    # A test's name is a sentence, and a page may say something.
    allowed = {
        one for one, word in odd.items() if one.startswith("test_") and word in SAYS
    }
    return odd.keys() - allowed - files_interface


def test_names_are_those_that_an_engineer_would_choose():
    assert wrong(MODULES, odd_names) == {}


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


def test_no_feature_leads_to_a_page_of_one_above_it(app):
    """An address by name is a dependency that no import shows."""
    order = features()
    blueprints = {
        endpoint: view.__module__.split(".")[1]
        for endpoint, view in app.view_functions.items()
        if view.__module__.startswith("workgroup.")
    }

    def above(path):
        own = path.relative_to(ROOT).parts[1].removesuffix(".py")
        higher = order[order.index(own) + 1 :] if own in order else []
        constants = (
            node.value
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Constant)
        )
        return {one for one in constants if blueprints.get(one) in higher}

    ours = [path for path in MODULES if top(path) == "workgroup"]
    assert wrong(ours, above) == {}
