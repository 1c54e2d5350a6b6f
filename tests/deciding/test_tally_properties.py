"""What must hold of every ballot, whatever the votes and the rule."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from workgroup.deciding.rules import FOR, Outcome, Position, Rule, Threshold
from workgroup.deciding.tally import tally

shares = st.fractions(min_value=0, max_value=1, max_denominator=12)
thresholds = st.builds(Threshold, shares) | st.builds(
    Threshold, shares.filter(lambda share: share < 1), strict=st.just(value=True)
)
rules = st.builds(
    Rule,
    quorum=thresholds,
    threshold=thresholds,
    delegation_quorum=thresholds,
    delegation_threshold=st.none() | thresholds,
    max_blocks=st.none() | st.integers(0, 3),
)
electors = st.lists(
    st.tuples(
        st.sampled_from(["US", "JP", "KR"]), st.none() | st.sampled_from(Position)
    ),
    max_size=14,
)


@given(electors, rules)
def test_the_counts_add_up(votes, rule):
    counted = tally(votes, rule)

    for count in (counted.over_all, *counted.delegations.values()):
        sides = (count.supporters, count.abstained, count.opponents, count.missing)
        assert sum(sides) == count.electors
    assert sum(each.electors for each in counted.delegations.values()) == len(votes)


@given(electors, rules, st.randoms())
def test_the_order_of_the_votes_is_of_no_importance(votes, rule, random):
    shuffled = random.sample(votes, len(votes))

    assert tally(shuffled, rule).outcome is tally(votes, rule).outcome
    assert tally(shuffled, rule).delegations == tally(votes, rule).delegations


@given(electors, rules)
def test_nothing_is_adopted_that_nobody_was_for_or_against(votes, rule):
    counted = tally(votes, rule)

    if counted.outcome is Outcome.ADOPTED:
        assert counted.over_all.supporters + counted.over_all.opponents > 0


@given(electors, rules, st.data())
def test_one_more_vote_for_it_never_defeats_an_adopted_text(votes, rule, data):
    others = [index for index, (_, position) in enumerate(votes) if position not in FOR]
    if others and tally(votes, rule).outcome is Outcome.ADOPTED:
        index = data.draw(st.sampled_from(others))
        warmer = [*votes]
        warmer[index] = (votes[index][0], Position.SUPPORT)

        assert tally(warmer, rule).outcome is Outcome.ADOPTED


@given(electors, rules)
def test_the_three_positions_for_it_count_the_same(votes, rule):
    plain = [
        (code, Position.SUPPORT if position in FOR else position)
        for code, position in votes
    ]

    assert tally(plain, rule).outcome is tally(votes, rule).outcome


@given(electors, rules)
def test_the_outcome_follows_from_the_findings(votes, rule):
    counted = tally(votes, rule)

    passed = all(finding.passed for finding in counted.findings)
    assert passed is (counted.outcome is Outcome.ADOPTED)
    for finding in counted.findings:
        if isinstance(finding.needed, Threshold) and finding.whole:
            share = Fraction(finding.part, finding.whole)
            strictly = share > finding.needed.share
            exactly = share == finding.needed.share and not finding.needed.strict
            assert finding.passed is (strictly or exactly)


@given(rules)
def test_a_rule_is_read_back_as_it_was_written(rule):
    assert Rule.from_json(rule.to_json()) == rule
