"""The examples in docs/rules.md come out as the page says, under the demo's rule."""

import re
from pathlib import Path

import pytest

from workgroup.deciding.rules import Outcome, Position
from workgroup.deciding.tally import tally
from workgroup.demo import texts

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| \d+ \| `(\S{4})` \| `(\S{3})` \| `(\S{3})` \|.*\| ([^|]+) \|$", re.MULTILINE
)
SIGNS = {
    "+": Position.SUPPORT,
    "\N{MINUS SIGN}": Position.OBJECT,
    "B": Position.BLOCK,
    "0": Position.ABSTAIN,
    "·": None,
}
OUTCOMES = {
    "Adopted": Outcome.ADOPTED,
    "Rejected": Outcome.REJECTED,
    "No quorum": Outcome.NO_QUORUM,
}


def test_the_page_has_ten_examples():
    assert len(ROW.findall(PAGE)) == 10


@pytest.mark.parametrize("example", ROW.findall(PAGE), ids=" ".join)
def test_an_example_comes_out_as_written(example):
    *votes, outcome = example
    cast = [
        (code, SIGNS[sign])
        for code, signs in zip(("US", "JP", "KR"), votes, strict=True)
        for sign in signs
    ]

    counted = tally(cast, texts.read().rule)

    assert counted.outcome is OUTCOMES[outcome.split(":")[0]]
