"""The catalogue of the pages' text holds what the pages say, no more and no less."""

import re
import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po

from tests.servers import ROOT

EXTRACT = [
    "extract", "-F", "workgroup/translations/babel.cfg", "-k", "_l", "-k", "_n:1,2",
    "--no-location", "--sort-output", "--omit-header", "--no-wrap",
]  # fmt: skip

# What a translator of a dictionary writes and no native speaker says.
DIALECT = re.compile(
    r"\b(anew|whoever|somebody|anybody|everybody|likewise|meanwhile|at the moment|stands at|"
    r"put away|not yours|place of|is on its way|so many|once more|over all|licence|cancelled|"
    r"is told|are told|being set|cannot be opened so|do not go together|of mine|of yours|begun|"
    r"asked for|looked at|go on|to the vote|in the stead|(?<!e-)mail|"
    r"that is there|says what|among the options|for no such)\b",
    re.IGNORECASE,
)


def tuple_of(text):
    return (text,) if isinstance(text, str) else text


def test_the_catalogue_is_up_to_date(tmp_path):
    fresh = tmp_path / "messages.pot"
    pybabel = Path(sys.executable).with_name("pybabel")

    subprocess.run([pybabel, "-q", *EXTRACT, "-o", fresh, "."], cwd=ROOT, check=True)

    kept = (ROOT / "workgroup" / "translations" / "messages.pot").read_text()
    assert fresh.read_text() == kept, "run `make catalogue` and commit the result"


def test_pages_speak_plain_american_english():
    with (ROOT / "workgroup/translations/messages.pot").open("rb") as file:
        catalogue = read_po(file)
    sentences = [one for message in catalogue for one in tuple_of(message.id)]

    assert [one for one in sentences if DIALECT.search(one)] == []
