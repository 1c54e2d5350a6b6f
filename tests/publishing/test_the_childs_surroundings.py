"""What the child that prints can see of this process."""

import sys

from workgroup.publishing import child

SHOW = "import json, os; print(json.dumps({'seen': sorted(os.environ)}))"


def test_no_secret_of_the_environment_reaches_the_child(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKGROUP_SECRET_KEY", "a secret of thirty-two characters.")
    with (tmp_path / "errors").open("w+") as errors:
        ended = child._run([sys.executable, "-c", SHOW], errors, lambda _: None, 30)  # noqa: SLF001

    assert not [name for name in ended.last["seen"] if name != "LC_CTYPE"]
