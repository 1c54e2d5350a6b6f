"""What the documents name exists, and their lists are those of the code."""

import re

import pytest

from tests.servers import ROOT
from workgroup.database import db

DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "frontend" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
# A path with a folder, as it is written between backticks or as the target of a link.
PATH = re.compile(
    r"[`(]((?:docs|tests|workgroup|exports|frontend|migrations|templates|requirements)"
    r"/[\w./-]+\.\w+)[`)]"
)
WITHIN = re.compile(r"`([a-z_]+/[a-z_]+\.py)`")  # a module, named within workgroup/
ADR = re.compile(r"docs/adr/(\d{4})\b")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_a_document_names_is_there(document):
    text = document.read_text()
    named = {ROOT / path: path for path in PATH.findall(text)}
    named |= {
        ROOT / "workgroup" / path: path
        for path in WITHIN.findall(text)
        if not (ROOT / path).exists()
    }

    assert {path for place, path in named.items() if not place.exists()} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(document):
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_decision_that_is_named_has_its_page():
    there = {path.name[:4] for path in (ROOT / "docs" / "adr").glob("*.md")}
    sources = [*DOCUMENTS, *(ROOT / "workgroup").rglob("*.py")]

    named = {number for path in sources for number in ADR.findall(path.read_text())}

    assert named <= there


def test_the_list_of_tables_is_the_one_of_the_models(app):
    listed = ARCHITECTURE.split("## Tables")[1].split("\n\n")[1]
    names = re.findall(r"[a-z_]+", re.sub(r"^[a-z ]+:", "", listed, flags=re.MULTILINE))

    assert sorted(names) == sorted(db.metadata.tables)


def test_the_order_of_features_is_the_one_of_the_contract():
    contract = (ROOT / ".importlinter").read_text().split("layers =")[1].split("[")[0]
    listed = ARCHITECTURE.split("## Features and layers")[1]
    lines = re.findall(r"^    (\w+(?:, \w+)*)", listed, re.MULTILINE)
    names, order = ", ".join(lines).split(", "), re.findall(r"\((\w+)\)", contract)
    features = {path.parent.name for path in ROOT.glob("workgroup/*/__init__.py")}

    assert names == [name for name in order if name in names]
    assert features <= set(names)


def test_every_setting_is_in_the_readme():
    source = (ROOT / "workgroup" / "config.py").read_text()
    settings = set(re.findall(r'"(WORKGROUP_[A-Z_]+)"', source))
    readme = (ROOT / "README.md").read_text()

    assert settings
    assert [name for name in settings if f"`{name}`" not in readme] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_that_a_document_names_is_in_the_makefile(document):
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = re.findall(r"(?:`|^)make ([a-z-]+)", document.read_text(), re.MULTILINE)

    assert [target for target in named if target not in targets] == []
