"""What a ballot's rule can require, and how a rule is stored; pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from workgroup.text import normal

FORMAT = 1  # of a stored rule

# What the lack of a field means in a stored rule: the program that wrote it did not have the
# field yet. A field added later gets a line here, so that old ballots stay readable.
UNASKED: dict[str, Any] = {
    "format": 1,
    "delegation_quorum": "at least 0",
    "delegation_threshold": None,
    "max_blocks": None,
}

_SHARE = re.compile(r"[0-9]{1,6}(?:/[0-9]{1,6}|\.[0-9]{1,6})?")


class Position(StrEnum):
    """The positions that a member can take, in the order in which every page lists them."""

    SUPPORT = "support"
    LIVE_WITH = "live-with"
    RESERVATION = "reservation"  # join with reservation
    ABSTAIN = "abstain"
    OBJECT = "object"
    BLOCK = "block"

    @property
    def needs_reason(self) -> bool:
        """Return whether the position must come with a reason."""
        return self in AGAINST


class Outcome(StrEnum):
    """What a closed ballot decided."""

    ADOPTED = "adopted"
    REJECTED = "rejected"
    NO_QUORUM = "no-quorum"


class Phase(StrEnum):
    """The phase of a ballot at a given time."""

    OPEN = "open"
    DUE = "due"  # its time is over; the votes are about to be counted
    CLOSED = "closed"
    CANCELLED = "cancelled"


FOR = frozenset({Position.SUPPORT, Position.LIVE_WITH, Position.RESERVATION})
AGAINST = frozenset({Position.OBJECT, Position.BLOCK})


@dataclass(frozen=True)
class Threshold:
    """A share to be met, or to be passed.

    Raises:
        ValueError: the share is not from 0 to 1, or nothing could ever pass it.
    """

    share: Fraction  # from 0 to 1
    strict: bool = False  # False: "at least"; True: "more than"

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1 or (self.strict and self.share == 1):
            raise ValueError(f"no share can meet {self}")

    @property
    def asks(self) -> bool:
        """Return whether the threshold requires anything; "at least 0" is always met."""
        return self.strict or self.share > 0

    def __str__(self) -> str:
        return f"{'more than' if self.strict else 'at least'} {self.share}"

    @classmethod
    def read(cls, text: str) -> "Threshold":
        """Read what ``str`` wrote: "more than 1/2"."""
        words, _, share = text.rpartition(" ")
        return cls(Fraction(share), strict=words == "more than")


def read_share(text: str) -> Fraction:
    """Read a share as people write it, exactly: "2/3", "60%", "66.7 %", "0.5".

    Full-width digits and signs, as Japanese input methods produce them, are read too.

    Raises:
        ValueError: it is not a share from 0 to 1.
    """
    plain = normal("NFKC", text).replace(" ", "")
    number, percent = plain.removesuffix("%"), plain.endswith("%")
    if not _SHARE.fullmatch(number):
        raise ValueError(f"no share: {text}")
    try:
        share = Fraction(number) / (100 if percent else 1)
    except ZeroDivisionError:
        raise ValueError(f"no share: {text}") from None
    if not 0 <= share <= 1:
        raise ValueError(f"not from 0 to 1: {text}")
    return share


@dataclass(frozen=True)
class Rule:
    """What a ballot needs in order to adopt; copied into the ballot when it opens.

    A quorum is a share of the electors who took any position, a threshold one of
    For ÷ (For + Against). Source: docs/rules.md, "The three tests".
    """

    quorum: Threshold  # overall
    threshold: Threshold  # overall
    delegation_quorum: Threshold  # in each delegation that has electors
    delegation_threshold: Threshold | None  # likewise; None: only their quorum counts
    max_blocks: int | None  # more blocks than this reject; None: no limit

    def to_json(self) -> dict[str, Any]:
        """Return the rule as plain values; shares as "at least 2/3"."""
        delegation = self.delegation_threshold
        return {
            "format": FORMAT,
            "quorum": str(self.quorum),
            "threshold": str(self.threshold),
            "delegation_quorum": str(self.delegation_quorum),
            "delegation_threshold": None if delegation is None else str(delegation),
            "max_blocks": self.max_blocks,
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Rule":
        """Read what ``to_json`` writes, or wrote when it knew fewer fields.

        Raises:
            ValueError: a later version wrote it; to count by the part that is known would be wrong.
        """
        values = UNASKED | values
        if values["format"] > FORMAT:
            raise ValueError(f"rule format {values['format']} needs a later version")
        delegation = values["delegation_threshold"]
        return cls(
            quorum=Threshold.read(values["quorum"]),
            threshold=Threshold.read(values["threshold"]),
            delegation_quorum=Threshold.read(values["delegation_quorum"]),
            delegation_threshold=None
            if delegation is None
            else Threshold.read(delegation),
            max_blocks=values["max_blocks"],
        )


NOTHING = Threshold(Fraction(0))  # a quorum that asks for nobody
HALF = Threshold(Fraction(1, 2))
MAJORITY = Threshold(Fraction(1, 2), strict=True)
TWO_THIRDS = Threshold(Fraction(2, 3))
ALL = Threshold(Fraction(1))

TWO_THIRDS_AND_EACH_DELEGATION = Rule(
    quorum=HALF,
    threshold=TWO_THIRDS,
    delegation_quorum=HALF,
    delegation_threshold=MAJORITY,
    max_blocks=0,
)
CONSENSUS = Rule(
    quorum=HALF,
    threshold=ALL,
    delegation_quorum=HALF,
    delegation_threshold=ALL,
    max_blocks=0,
)
SIMPLE_MAJORITY = Rule(
    quorum=HALF,
    threshold=MAJORITY,
    delegation_quorum=NOTHING,
    delegation_threshold=None,
    max_blocks=None,
)


class Preset(StrEnum):
    """The rules that an organizer can choose by name; the first is offered first."""

    TWO_THIRDS = "two-thirds"
    CONSENSUS = "consensus"
    MAJORITY = "majority"


PRESETS: dict[Preset, Rule] = {
    Preset.TWO_THIRDS: TWO_THIRDS_AND_EACH_DELEGATION,
    Preset.CONSENSUS: CONSENSUS,
    Preset.MAJORITY: SIMPLE_MAJORITY,
}
