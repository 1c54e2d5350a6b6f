"""Counting the votes of a ballot under its rule: exact, pure, repeatable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from workgroup.deciding.rules import (
    AGAINST,
    FOR,
    Outcome,
    Position,
    Rule,
    Threshold,
)


@dataclass(frozen=True)
class Count:
    """How many electors of a group there are, and how many took each position."""

    electors: int
    positions: Mapping[Position, int]  # every position has its number, 0 too

    @property
    def supporters(self) -> int:
        """How many count for the text."""
        return sum(self.positions[position] for position in FOR)

    @property
    def opponents(self) -> int:
        """How many count against it, those who block among them."""
        return sum(self.positions[position] for position in AGAINST)

    @property
    def abstained(self) -> int:
        """How many took a position that counts on neither side."""
        return self.positions[Position.ABSTAIN]

    @property
    def blocks(self) -> int:
        """How many block."""
        return self.positions[Position.BLOCK]

    @property
    def voted(self) -> int:
        """How many took any position."""
        return sum(self.positions.values())

    @property
    def missing(self) -> int:
        """How many took none."""
        return self.electors - self.voted


class Criterion(StrEnum):
    """What a rule asks, in the order in which it is asked."""

    QUORUM = "quorum"
    THRESHOLD = "threshold"
    BLOCKS = "blocks"


@dataclass(frozen=True)
class Finding:
    """One test of the rule on one group: what it needed, what there was, whether it passed."""

    criterion: Criterion
    delegation: str | None  # its code; none: overall
    needed: Threshold | int  # a share; for blocks the number allowed
    part: int  # voted, for, or blocks
    whole: int  # electors, for and against, or electors
    passed: bool


@dataclass(frozen=True)
class Tally:
    """The counts, every test with its result, and what follows."""

    over_all: Count
    delegations: Mapping[str, Count]  # by code, in the order of the electors given
    findings: tuple[Finding, ...]
    outcome: Outcome

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """The tests that decided the outcome; all of them if all passed.

        A missed quorum hides the other failures, because without one nothing else is decided.
        """
        failed = tuple(finding for finding in self.findings if not finding.passed)
        if self.outcome is Outcome.NO_QUORUM:
            return tuple(
                finding for finding in failed if finding.criterion is Criterion.QUORUM
            )
        return failed or self.findings


def reaches(threshold: Threshold, part: int, rest: int) -> bool:
    """Return whether part ÷ (part + rest) reaches the threshold.

    Nothing out of nothing always fails: a text is never adopted by nobody. Compares whole
    numbers, never floats, so it is exact at the boundary.

    Args:
        threshold: the share and whether it must be met ("at least") or passed ("more than").
        part: those who voted, or votes for; 0 or more.
        rest: those who did not, or votes against; 0 or more.

    Raises:
        ValueError: a count is negative.

    Source: docs/rules.md, "The three tests".
    """
    if part < 0 or rest < 0:
        raise ValueError("a count is negative")
    if part + rest == 0:
        return False
    left = part * threshold.share.denominator
    right = threshold.share.numerator * (part + rest)
    return left > right if threshold.strict else left >= right


def tally(votes: Iterable[tuple[str, Position | None]], rule: Rule) -> Tally:
    """Count a ballot and test its rule, overall and in each delegation with electors.

    Args:
        votes: one pair for each elector: the delegation's code, and the position taken
            or none.
        rule: as it was when the ballot opened.
    """
    groups: dict[str, list[Position | None]] = {}
    for code, position in votes:
        groups.setdefault(code, []).append(position)
    over_all = _count([position for group in groups.values() for position in group])
    delegations = {code: _count(group) for code, group in groups.items()}
    findings = tuple(_findings(over_all, delegations, rule))
    return Tally(over_all, delegations, findings, _outcome(findings))


def _count(positions: list[Position | None]) -> Count:
    return Count(len(positions), {each: positions.count(each) for each in Position})


def _findings(
    over_all: Count, delegations: Mapping[str, Count], rule: Rule
) -> Iterable[Finding]:
    if rule.quorum.asks:
        yield _quorum(None, over_all, rule.quorum)
    if rule.delegation_quorum.asks:
        for code, count in delegations.items():
            yield _quorum(code, count, rule.delegation_quorum)
    yield _threshold(None, over_all, rule.threshold)
    if rule.delegation_threshold is not None:
        for code, count in delegations.items():
            yield _threshold(code, count, rule.delegation_threshold)
    if rule.max_blocks is not None:
        blocks, allowed = over_all.blocks, rule.max_blocks
        yield Finding(
            Criterion.BLOCKS,
            None,
            allowed,
            blocks,
            over_all.electors,
            blocks <= allowed,
        )


def _quorum(code: str | None, count: Count, needed: Threshold) -> Finding:
    passed = reaches(needed, count.voted, count.missing)
    return Finding(Criterion.QUORUM, code, needed, count.voted, count.electors, passed)


def _threshold(code: str | None, count: Count, needed: Threshold) -> Finding:
    passed = reaches(needed, count.supporters, count.opponents)
    whole = count.supporters + count.opponents
    return Finding(Criterion.THRESHOLD, code, needed, count.supporters, whole, passed)


def _outcome(findings: Iterable[Finding]) -> Outcome:
    failed = {finding.criterion for finding in findings if not finding.passed}
    if Criterion.QUORUM in failed:
        return Outcome.NO_QUORUM
    return Outcome.REJECTED if failed else Outcome.ADOPTED
