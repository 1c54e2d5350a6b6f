"""What a ballot's rule can say, and how a rule is written into its row; pure."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any


class Position(StrEnum):
    """What a member can say to a version, in the order in which it is always shown."""

    SUPPORT = "support"
    LIVE_WITH = "live-with"
    RESERVATION = "reservation"  # join with reservation
    ABSTAIN = "abstain"
    OBJECT = "object"
    BLOCK = "block"

    @property
    def needs_reason(self) -> bool:
        """Say whether the others are owed an answer."""
        return self in AGAINST


class Outcome(StrEnum):
    """What a closed ballot decided."""

    ADOPTED = "adopted"
    REJECTED = "rejected"
    NO_QUORUM = "no-quorum"


FOR = frozenset({Position.SUPPORT, Position.LIVE_WITH, Position.RESERVATION})
AGAINST = frozenset({Position.OBJECT, Position.BLOCK})


@dataclass(frozen=True)
class Threshold:
    """A share of For ÷ (For + Against), to be met or to be passed."""

    share: Fraction  # from 0 to 1
    strict: bool = False  # False: "at least"; True: "more than"


@dataclass(frozen=True)
class Rule:
    """When a ballot adopts; written into the ballot when it opens."""

    quorum: Fraction  # the share of electors who took any position, over all
    threshold: Threshold  # over all
    delegation_quorum: Fraction  # likewise in each delegation that has electors
    delegation_threshold: Threshold | None  # None: delegations are not asked one by one
    max_blocks: int | None  # more blocks than this reject; None: no limit

    def to_json(self) -> dict[str, Any]:
        """Return the rule as plain values; shares as ``"2/3"``."""
        delegation = self.delegation_threshold
        return {
            "quorum": str(self.quorum),
            "threshold": str(self.threshold.share),
            "threshold_strict": self.threshold.strict,
            "delegation_quorum": str(self.delegation_quorum),
            "delegation_threshold": None
            if delegation is None
            else str(delegation.share),
            "delegation_threshold_strict": delegation is not None and delegation.strict,
            "max_blocks": self.max_blocks,
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Rule":
        """Read what ``to_json`` wrote."""
        delegation = values["delegation_threshold"]
        return cls(
            quorum=Fraction(values["quorum"]),
            threshold=Threshold(
                Fraction(values["threshold"]), strict=values["threshold_strict"]
            ),
            delegation_quorum=Fraction(values["delegation_quorum"]),
            delegation_threshold=None
            if delegation is None
            else Threshold(
                Fraction(delegation), strict=values["delegation_threshold_strict"]
            ),
            max_blocks=values["max_blocks"],
        )
