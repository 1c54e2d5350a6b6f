"""How rules and results are written for people."""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.deciding.test_tally import parse
from workgroup.deciding import labels
from workgroup.deciding.rules import (
    CONSENSUS,
    MAJORITY,
    PRESETS,
    SIMPLE_MAJORITY,
    TWO_THIRDS_AND_EACH_DELEGATION,
    Outcome,
    Position,
    Threshold,
)
from workgroup.deciding.tally import tally


@pytest.fixture(autouse=True)
def _language(app):
    with app.test_request_context():
        yield


def test_the_default_rule_is_written_in_full():
    assert labels.rule_sentences(TWO_THIRDS_AND_EACH_DELEGATION) == [
        "Quorum: at least one-half of all electors, and of each delegation’s, must vote; abstaining counts as voting.",
        "Threshold: of all votes for or against, at least two-thirds must be in favor.",
        "Delegations: in each of them, too, more than one-half must be in favor.",
        "Blocks: a single block rejects the version.",
    ]


def test_what_a_rule_does_not_ask_is_stated_too():
    assert labels.rule_sentences(SIMPLE_MAJORITY) == [
        "Quorum: at least one-half of all electors must vote; abstaining counts as voting.",
        "Threshold: of all votes for or against, more than one-half must be in favor.",
        "Delegations: no separate threshold applies to them.",
        "Blocks: each counts as one vote against; there is no limit.",
    ]


@pytest.mark.parametrize(
    ("allowed", "words"),
    [
        (0, "Blocks: a single block rejects the version."),
        (1, "Blocks: more than one block rejects the version."),
        (2, "Blocks: more than 2 blocks reject the version."),
    ],
)
def test_how_many_blocks_reject_is_a_full_sentence(allowed, words):
    rule = replace(SIMPLE_MAJORITY, max_blocks=allowed)

    assert labels.rule_sentences(rule)[-1] == words


def test_consensus_asks_for_all():
    assert labels.rule_line(CONSENSUS) == "For: all; in each delegation: all"


@pytest.mark.parametrize(
    ("threshold", "words"),
    [
        (MAJORITY, "more than one-half"),
        (Threshold(Fraction(55, 100)), "at least 55%"),
        (Threshold(Fraction(7, 11)), "at least 7/11"),
        (Threshold(Fraction(7, 10), strict=True), "more than 70%"),
        (Threshold(Fraction(1)), "all"),
    ],
)
def test_a_share_is_never_rounded(threshold, words):
    assert labels.threshold_label(threshold) == words


def test_the_reasons_are_sentences():
    counted = tally(parse("US ++++  JP +--  KR 00B"), TWO_THIRDS_AND_EACH_DELEGATION)

    reasons = [
        f"{labels.criterion_label(each, {'JP': 'Japan'})}: {labels.finding_sentence(each)}"
        for each in counted.reasons
    ]
    assert reasons == [
        "Threshold, overall: 5 for, 3 against; at least two-thirds needed",
        "Threshold, Japan: 1 for, 2 against; more than one-half needed",
        "Threshold, KR: 0 for, 1 against; more than one-half needed",
        "Blocks, overall: 1 block; 0 allowed",
    ]


def test_everything_has_its_words():
    for position in Position:
        assert labels.position_label(position)
        assert labels.position_hint(position)
    assert [labels.outcome_label(outcome) for outcome in Outcome] == [
        "Adopted", "Rejected", "No quorum",
    ]  # fmt: skip
    assert len({labels.preset_label(preset) for preset in PRESETS}) == 3
