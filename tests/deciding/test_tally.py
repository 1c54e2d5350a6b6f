"""What votes add up to, case by case: the 4-3-3 cohort and the boundaries of its rules."""

from fractions import Fraction

import pytest

from workgroup.deciding.rules import (
    CONSENSUS,
    HALF,
    MAJORITY,
    NOTHING,
    SIMPLE_MAJORITY,
    TWO_THIRDS_AND_EACH_DELEGATION,
    Outcome,
    Position,
    Rule,
    Threshold,
)
from workgroup.deciding.tally import Criterion, reaches, tally

# + for, - against, B blocks, 0 abstains, . did not vote; w can live with it, r has a reservation
SIGNS = {
    "+": Position.SUPPORT,
    "w": Position.LIVE_WITH,
    "r": Position.RESERVATION,
    "0": Position.ABSTAIN,
    "-": Position.OBJECT,
    "B": Position.BLOCK,
    ".": None,
}
ADOPTED, REJECTED, NO_QUORUM = Outcome
THE_DEMONSTRATION = Rule(
    quorum=Threshold(Fraction(7, 10)),
    threshold=Threshold(Fraction(2, 3)),
    delegation_quorum=HALF,
    delegation_threshold=MAJORITY,
    max_blocks=0,
)


def parse(votes):
    words = votes.split()
    return [
        (code, SIGNS[sign])
        for code, signs in zip(words[::2], words[1::2], strict=True)
        for sign in signs
    ]


def changed(rule, **values):
    return Rule(**{**vars(rule), **values})


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ("US ++++  JP +++  KR +++", ADOPTED),
        ("US ++++  JP +++  KR ---", REJECTED),  # 7/10 of all, none of one delegation
        ("US ++++  JP +00  KR ++-", ADOPTED),  # abstentions count on neither side
        ("US ++..  JP +..  KR ...", NO_QUORUM),
        ("US ++0-  JP ++-  KR ++-", ADOPTED),  # 6/9: exactly two thirds
        ("US ++--  JP +++  KR +++", REJECTED),  # half of one is not more than half
        ("US +++-  JP ++-  KR +--", REJECTED),  # 6/10 and 1/3
        ("US ++++  JP +++  KR 000", REJECTED),  # nothing for or against in one
        ("US ++++  JP +++  KR ++B", REJECTED),  # a block
        ("US wwww  JP rrr  KR wr+", ADOPTED),  # the three positions for are equal
        ("US ++..  JP ++.  KR +.+", ADOPTED),  # 6/10 voted; 2/4 is exactly half
        ("US +...  JP +++  KR +++", NO_QUORUM),  # 7/10, but 1/4 of one delegation
        ("US ++++  JP +++  KR +..", NO_QUORUM),  # 8/10, but 1/3
        ("US ++++  JP +++  KR ...", NO_QUORUM),
        ("US 0000  JP 000  KR 000", REJECTED),  # all came, none said yes or no
        ("US ....  JP ...  KR ...", NO_QUORUM),
        ("US +00.  JP +0.  KR +0.", ADOPTED),  # 3/3 of those for or against
        (
            "US +++B  JP +..  KR +..",
            NO_QUORUM,
        ),  # without quorum a block decides nothing
        ("US ----  JP ---  KR ---", REJECTED),
        ("US +++-  JP ++-  KR ++0", ADOPTED),  # 7/9
        ("US +++-  JP ++-  KR +0-", REJECTED),  # 6/9 is enough, 1/2 of one is not
        ("US ++++  JP +++", ADOPTED),  # a delegation without electors is not asked
        ("US +", ADOPTED),
        ("US -", REJECTED),
        ("US 0", REJECTED),
    ],
)
def test_two_thirds_overall_and_a_majority_in_each_delegation(votes, outcome):
    assert tally(parse(votes), TWO_THIRDS_AND_EACH_DELEGATION).outcome is outcome


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ("US ++++  JP +++  KR +++", ADOPTED),
        ("US +++0  JP ++0  KR ++0", ADOPTED),  # who abstains does not stand in the way
        ("US wrwr  JP rrr  KR www", ADOPTED),
        ("US ++++  JP +++  KR ++-", REJECTED),  # one objection is enough
        ("US ++++  JP +++  KR ++B", REJECTED),
        ("US ++++  JP +++  KR 000", REJECTED),  # nobody of one delegation agreed
        ("US ++..  JP ++.  KR ++.", ADOPTED),
        ("US ++..  JP ++.  KR +..", NO_QUORUM),
    ],
)
def test_consensus(votes, outcome):
    assert tally(parse(votes), CONSENSUS).outcome is outcome


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ("US ++++  JP ++-  KR ---", ADOPTED),  # 6/10; delegations are not asked
        ("US ++++  JP +--  KR ---", REJECTED),  # 5/10 is not more than half
        ("US ++++  JP +0-  KR ---", ADOPTED),  # 5/9 is
        ("US ++++  JP +..  KR ...", ADOPTED),  # 5/10 voted: exactly the quorum
        ("US ++++  JP ...  KR ...", NO_QUORUM),
        ("US ++++  JP ++B  KR BBB", ADOPTED),  # blocks count as against, without limit
        ("US 00..  JP 00.  KR 00.", REJECTED),
        ("US +0..  JP 00.  KR 00.", ADOPTED),  # 1/1
    ],
)
def test_a_simple_majority(votes, outcome):
    assert tally(parse(votes), SIMPLE_MAJORITY).outcome is outcome


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ("US ++++  JP +++  KR +++", ADOPTED),
        ("US ++++  JP +++  KR ---", REJECTED),
        ("US ++++  JP +00  KR ++-", ADOPTED),
        ("US ++0-  JP ++-  KR ++-", ADOPTED),
        ("US ++--  JP +++  KR +++", REJECTED),
        ("US ++++  JP +++  KR 000", REJECTED),
        ("US ++++  JP +++  KR ++B", REJECTED),
        ("US ++..  JP +..  KR ...", NO_QUORUM),
        ("US ++++  JP +++  KR +..", NO_QUORUM),
        ("US +++.  JP ++.  KR ++.", ADOPTED),  # exactly 7/10
        ("US ++..  JP ++.  KR ++.", NO_QUORUM),  # 6/10
    ],
)
def test_the_worked_examples_of_the_documentation(votes, outcome):
    assert tally(parse(votes), THE_DEMONSTRATION).outcome is outcome


@pytest.mark.parametrize(
    ("votes", "changes", "outcome"),
    [
        ("US ++0-  JP ++-  KR ++-", {"threshold": Threshold(Fraction(2, 3), strict=True)}, REJECTED),
        ("US ++--  JP +++  KR +++", {"delegation_threshold": HALF}, ADOPTED),
        ("US ++++  JP +++  KR 000", {"delegation_threshold": None}, ADOPTED),
        ("US ++++  JP +++  KR ...", {"delegation_threshold": None}, NO_QUORUM),
        ("US ++++  JP +++  KR ++B", {"max_blocks": 1}, ADOPTED),
        ("US +++B  JP +++  KR ++B", {"max_blocks": 1}, REJECTED),
        ("US +++B  JP +++  KR ++B", {"max_blocks": 2}, ADOPTED),
        ("US ++B0  JP ++B  KR ++B", {"max_blocks": None}, ADOPTED),
        ("US ++..  JP ++.  KR ++.", {"delegation_quorum": MAJORITY}, NO_QUORUM),  # 2/4
        ("US +++.  JP ++.  KR ++.", {"delegation_quorum": MAJORITY}, ADOPTED),
        ("US ++++  JP ++.  KR ++.", {"quorum": Threshold(Fraction(8, 10), strict=True)}, NO_QUORUM),
        ("US ++++  JP ++.  KR ++.", {"quorum": Threshold(Fraction(8, 10))}, ADOPTED),
        ("US ++++  JP +++  KR +..", {"delegation_quorum": Threshold(Fraction(1, 3))}, ADOPTED),
        ("US ....  JP ...  KR ...", {"quorum": NOTHING, "delegation_quorum": NOTHING}, REJECTED),
        ("US +++.  JP +++  KR +++", {"quorum": Threshold(Fraction(1))}, NO_QUORUM),
    ],
)  # fmt: skip
def test_one_number_of_the_rule_moves_the_boundary(votes, changes, outcome):
    rule = changed(TWO_THIRDS_AND_EACH_DELEGATION, **changes)

    assert tally(parse(votes), rule).outcome is outcome


def test_every_position_is_counted_for_each_delegation_and_overall():
    counted = tally(parse("US +wr0  JP -B.  KR ..."), TWO_THIRDS_AND_EACH_DELEGATION)

    us, jp, kr = (counted.delegations[code] for code in ("US", "JP", "KR"))
    assert [us.supporters, us.opponents, us.abstained, us.missing] == [3, 0, 1, 0]
    assert [jp.supporters, jp.opponents, jp.abstained, jp.missing] == [0, 2, 0, 1]
    assert [kr.supporters, kr.opponents, kr.abstained, kr.missing] == [0, 0, 0, 3]
    assert list(counted.over_all.positions.values()) == [1, 1, 1, 1, 1, 1]
    assert counted.over_all.electors == 10


def test_the_reasons_name_who_failed_which_test():
    counted = tally(parse("US ++++  JP +--  KR ++B"), TWO_THIRDS_AND_EACH_DELEGATION)

    reasons = [
        (reason.criterion, reason.delegation, reason.part, reason.whole)
        for reason in counted.reasons
    ]
    assert reasons == [
        (Criterion.THRESHOLD, "JP", 1, 3),
        (Criterion.BLOCKS, None, 1, 10),
    ]


def test_a_missed_quorum_is_the_only_reason():
    counted = tally(parse("US +++B  JP +..  KR ---"), TWO_THIRDS_AND_EACH_DELEGATION)

    [reason] = counted.reasons
    assert (reason.criterion, reason.delegation) == (Criterion.QUORUM, "JP")


def test_the_reasons_of_an_adoption_are_all_its_tests():
    counted = tally(parse("US ++++  JP +++  KR +++"), TWO_THIRDS_AND_EACH_DELEGATION)

    assert counted.reasons == counted.findings
    assert len(counted.findings) == 9


def test_each_test_names_what_it_asked_for_and_what_there_was():
    counted = tally(parse("US ++0.  JP +-."), changed(THE_DEMONSTRATION, max_blocks=1))

    figures = [
        (each.criterion, each.delegation, each.needed, each.part, each.whole)
        for each in counted.findings
    ]
    assert figures == [
        (Criterion.QUORUM, None, Threshold(Fraction(7, 10)), 5, 7),
        (Criterion.QUORUM, "US", HALF, 3, 4),
        (Criterion.QUORUM, "JP", HALF, 2, 3),
        (Criterion.THRESHOLD, None, Threshold(Fraction(2, 3)), 3, 4),
        (Criterion.THRESHOLD, "US", MAJORITY, 2, 2),
        (Criterion.THRESHOLD, "JP", MAJORITY, 1, 2),
        (Criterion.BLOCKS, None, 1, 0, 7),
    ]


def test_a_share_that_nothing_can_meet_is_no_rule():
    with pytest.raises(ValueError, match="no share"):
        Threshold(Fraction(1), strict=True)
    with pytest.raises(ValueError, match="no share"):
        Threshold(Fraction(3, 2))


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="negative"):
        reaches(HALF, -1, 3)


def test_an_ulp_below_two_thirds_is_below_two_thirds():
    many = 10**17

    assert reaches(Threshold(Fraction(2, 3)), 2 * many, many)
    assert not reaches(Threshold(Fraction(2, 3)), 2 * many - 1, many + 1)


def test_positions_against_need_a_reason():
    owing = [position for position in Position if position.needs_reason]

    assert owing == [Position.OBJECT, Position.BLOCK]


@pytest.mark.parametrize("threshold", [NOTHING, HALF, MAJORITY, Threshold(Fraction(1))])
def test_of_no_votes_at_all_no_share_is_reached(threshold):
    assert not reaches(threshold, 0, 0)
