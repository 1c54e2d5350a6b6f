"""Each mutant meets tests that exist, and a run that tries nothing does not count as one."""

import ast
import subprocess
import sys

import pytest

from tests.mutants import copies
from tests.mutants.concerned import CONCERNED
from tests.mutants.places import Mutant
from tests.servers import ROOT

# Playwright's plugin refuses to be loaded by a run within a run.
OPTIONS = "[pytest]\naddopts = -p no:playwright\nmarkers =\n    browser\n    kill\n"
MODULE = "workgroup/answers.py"
SOURCE = "def answer():\n    return 42\n"
CLAIM = "from workgroup.answers import answer\n\ndef test_answer():\n    assert answer() == 42\n"


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "pytest.ini").write_text(OPTIONS)
    # Named like the application, of which the process that runs these tests has other modules.
    (tmp_path / "workgroup").mkdir()
    (tmp_path / "workgroup" / "__init__.py").touch()
    (tmp_path / MODULE).write_text(SOURCE)
    (tmp_path / "test_first.py").write_text("def test_nothing():\n    pass\n")
    (tmp_path / "test_answers.py").write_text(CLAIM)
    return tmp_path


@pytest.fixture
def concern(monkeypatch):
    """Name the tests that are concerned with the module."""

    def concern(first: str, others: str) -> None:
        monkeypatch.setitem(CONCERNED, MODULE, (first, others))

    return concern


# Each runs pytest several times, in children.
runs_pytest = pytest.mark.real


def broken(source: str) -> Mutant:
    return Mutant(MODULE, "module: broken", ast.parse(source), None)


@pytest.mark.parametrize("module", CONCERNED)
def test_every_module_and_every_test_that_is_named_is_there(module):
    named = " ".join([module, *CONCERNED[module]]).split()

    assert [path for path in named if not (ROOT / path).exists()] == []


def test_all_services_are_broken_but_those_of_the_demo():
    services = {
        str(path.relative_to(ROOT)) for path in ROOT.glob("workgroup/*/services.py")
    }

    assert services - set(CONCERNED) == {"workgroup/demo/services.py"}


def test_the_tool_imports_nothing_of_what_it_breaks():
    look = (
        "import sys, tests.mutants.__main__;"
        "print([one for one in sys.modules if one.startswith('workgroup')])"
    )

    ours = subprocess.run(
        [sys.executable, "-c", look],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert ours.stdout == "[]\n"


@runs_pytest
def test_what_a_test_fails_on_is_noticed(tree, concern):
    concern("test_first.py", "test_answers.py")

    assert not copies.survives(broken("def answer():\n    return 43\n"), tree, [])


@runs_pytest
def test_what_all_tests_pass_survives(tree, concern):
    concern("test_first.py", "test_answers.py")

    assert copies.survives(broken("def answer():\n    return 21 * 2\n"), tree, [])


@runs_pytest
def test_what_cannot_be_imported_is_noticed(tree, concern):
    concern("test_first.py", "test_answers.py")

    assert not copies.survives(broken("answer = 1 / 0\n"), tree, [])


@runs_pytest
def test_a_test_that_fails_on_what_is_not_broken_is_left_out_and_named(
    tree, concern, capsys
):
    (tree / "test_first.py").write_text("def test_nothing():\n    assert False\n")
    concern("test_first.py", "test_answers.py")

    assert not copies.survives(broken("def answer():\n    return 43\n"), tree, [])
    assert "left out: test_first.py::test_nothing fails" in capsys.readouterr().out


@runs_pytest
def test_a_test_that_does_not_exist_stops_the_run(tree, concern):
    concern("test_first.py", "test_none.py")

    with pytest.raises(SystemExit, match=r"pytest cannot run .*test_none\.py"):
        copies.survives(broken("def answer():\n    return 43\n"), tree, [])


@runs_pytest
def test_a_file_with_a_fault_of_its_own_stops_the_run(tree, concern):
    (tree / "test_other.py").write_text("import nowhere\n")
    concern("test_first.py", "test_other.py")

    with pytest.raises(SystemExit, match=r"pytest cannot run .*test_other\.py"):
        copies.survives(broken("def answer():\n    return 43\n"), tree, [])
