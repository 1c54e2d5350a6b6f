"""The catalogue of the pages' text holds what the pages say, no more and no less."""

import subprocess
import sys
from pathlib import Path

from tests.servers import ROOT

EXTRACT = [
    "extract", "-F", "workgroup/translations/babel.cfg", "-k", "_l", "-k", "_n:1,2",
    "--no-location", "--sort-output", "--omit-header", "--no-wrap",
]  # fmt: skip


def test_the_catalogue_is_up_to_date(tmp_path):
    fresh = tmp_path / "messages.pot"
    pybabel = Path(sys.executable).with_name("pybabel")

    subprocess.run([pybabel, "-q", *EXTRACT, "-o", fresh, "."], cwd=ROOT, check=True)

    kept = (ROOT / "workgroup" / "translations" / "messages.pot").read_text()
    assert fresh.read_text() == kept, "run `make catalogue` and commit the result"
