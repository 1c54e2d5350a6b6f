"""README gives the main flow in the same steps as the code, and the tree as it is."""

import re

from tests.servers import ROOT
from workgroup.lifecycle import flow

README = (ROOT / "README.md").read_text()
WALK = (ROOT / "tests" / "test_main_flow.py").read_text()


def steps(text, pattern):
    return re.findall(pattern, text, re.MULTILINE)


def test_readme_the_flow_and_its_test_have_the_same_steps():
    listed = steps(README, r"^\d\. \*\*(\w+)\*\*")

    assert listed == steps(flow.__doc__, r"^\d\. (\w+) ")
    assert listed == steps(WALK, r"^    walk\.(\w+)\(")


def test_every_folder_and_top_level_module_has_its_line():
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()}
    listed = set(re.findall(r"`(?:[├└] )?([a-z_]+)/`", README))

    unknown = {"__pycache__", "instance", "node_modules", "build"}
    assert {name for name in folders - unknown if not name.startswith(".")} <= listed


def test_every_feature_has_its_line():
    features = {
        path.name
        for path in (ROOT / "workgroup").iterdir()
        if path.is_dir() and path.name not in {"__pycache__", "translations"}
    }

    listed = set(re.findall(r"`(?:[├└] )?([a-z_]+)/`", README))

    assert features <= listed
