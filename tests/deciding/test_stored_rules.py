"""Rules as ballots of earlier programs keep them are read as they were meant."""

import pytest

from workgroup.deciding.rules import (
    CONSENSUS,
    NOTHING,
    PRESETS,
    SIMPLE_MAJORITY,
    TWO_THIRDS_AND_EACH_DELEGATION,
    Rule,
    Threshold,
)

# As the first program wrote them: without a format.
RECORDED = [
    (
        {"quorum": "at least 1/2", "threshold": "at least 2/3", "delegation_quorum": "at least 1/2",
         "delegation_threshold": "more than 1/2", "max_blocks": 0},
        TWO_THIRDS_AND_EACH_DELEGATION,
    ),
    (
        {"quorum": "at least 1/2", "threshold": "at least 1", "delegation_quorum": "at least 1/2",
         "delegation_threshold": "at least 1", "max_blocks": 0},
        CONSENSUS,
    ),
    (
        {"quorum": "at least 1/2", "threshold": "more than 1/2", "delegation_quorum": "at least 0",
         "delegation_threshold": None, "max_blocks": None},
        SIMPLE_MAJORITY,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("stored", "rule"), RECORDED)
def test_a_rule_without_a_format_is_of_the_first(stored, rule):
    assert Rule.from_json(stored) == rule


@pytest.mark.parametrize("rule", PRESETS.values())
def test_what_is_written_is_read_and_names_its_format(rule):
    stored = rule.to_json()

    assert stored["format"] == 1
    assert Rule.from_json(stored) == rule


def test_what_a_rule_does_not_ask_is_not_asked():
    rule = Rule.from_json({"quorum": "at least 1/2", "threshold": "more than 1/2"})

    assert rule == Rule(
        quorum=Threshold.read("at least 1/2"),
        threshold=Threshold.read("more than 1/2"),
        delegation_quorum=NOTHING,
        delegation_threshold=None,
        max_blocks=None,
    )


def test_a_rule_of_a_later_program_is_not_half_read():
    with pytest.raises(ValueError, match="later version"):
        Rule.from_json(SIMPLE_MAJORITY.to_json() | {"format": 2})
