"""The states of a section and the moves between them: one table, pure."""

from dataclasses import dataclass
from enum import StrEnum

from workgroup.errors import DomainError


class WrongStateError(DomainError):
    """The table has no such move from the section's state."""


class SectionState(StrEnum):
    """The state of a section."""

    DRAFT = "draft"
    FROZEN = "frozen"
    IN_BALLOT = "in-ballot"
    ADOPTED = "adopted"
    REJECTED = "rejected"


class SectionKind(StrEnum):
    """What part of the report a section is."""

    FRONT = "front"
    CHAPTER = "chapter"
    RECOMMENDATION = "recommendation"
    APPENDIX = "appendix"


class Move(StrEnum):
    """What takes a section from one state to another."""

    FREEZE = "freeze"
    OPEN = "open"  # a ballot
    ADOPT = "adopt"  # the ballot's outcome
    REJECT = "reject"
    REOPEN = "reopen"  # to draft, with a reason


@dataclass(frozen=True)
class Step:
    """One row of the table."""

    sources: frozenset[SectionState]
    target: SectionState


DECIDED = frozenset({SectionState.ADOPTED, SectionState.REJECTED})

STEPS: dict[Move, Step] = {
    Move.FREEZE: Step(frozenset({SectionState.DRAFT}), SectionState.FROZEN),
    Move.OPEN: Step(frozenset({SectionState.FROZEN}), SectionState.IN_BALLOT),
    Move.ADOPT: Step(frozenset({SectionState.IN_BALLOT}), SectionState.ADOPTED),
    Move.REJECT: Step(frozenset({SectionState.IN_BALLOT}), SectionState.REJECTED),
    Move.REOPEN: Step(
        frozenset({SectionState.FROZEN, SectionState.IN_BALLOT}) | DECIDED,
        SectionState.DRAFT,
    ),
}


def moves_from(state: SectionState) -> list[Move]:
    """Return the moves that are possible in a state, in the table's order."""
    return [move for move, step in STEPS.items() if state in step.sources]
