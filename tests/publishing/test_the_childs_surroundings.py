"""What the printing child can see of this process, and where it puts its files."""

import sys
from pathlib import Path

from tests.publishing.building import decided_report, print_now, requested
from workgroup.publishing import child, printing

SHOW = "import json, os; print(json.dumps({'seen': sorted(os.environ)}))"


def test_no_secret_of_the_environment_reaches_the_child(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKGROUP_SECRET_KEY", "a secret of thirty-two characters.")
    with (tmp_path / "errors").open("w+") as errors:
        command, seconds, scratch = [sys.executable, "-c", SHOW], 30, str(tmp_path)
        ended = child._run(command, errors, print, seconds, scratch)  # noqa: SLF001

    assert set(ended.last["seen"]) <= {"LC_CTYPE", "TMPDIR"}


def test_the_child_that_looks_for_what_is_missing_sees_none_of_it(
    monkeypatch, tmp_path
):
    # A Python that sees it cannot start.
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    printing._require_all.cache_clear()  # noqa: SLF001

    assert printing.missing() == []


WHERE = """
import json, sys, tempfile
where = {"text": sys.argv[-2], "engine's": tempfile.gettempdir()}
print(json.dumps({"error": {"code": "crashed", **where}}))
"""


def test_the_text_lies_in_the_instance_alone_while_it_is_printed(
    app, session, monkeypatch
):
    monkeypatch.setattr(child, "COMMAND", (sys.executable, "-c", WHERE))
    export = requested(decided_report())

    print_now(app, export)

    scratch = app.config["INSTANCE"] / "scratch"
    for place in export.error_parameters.values():
        assert Path(place).is_relative_to(scratch), "else a killed worker leaves it"
