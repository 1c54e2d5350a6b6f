"""How far the sections of a report are: figures and the pieces of a bar; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workgroup.drafting.states import SectionState

# The order of the pieces in a bar: what is done first, what is still open last.
ORDER = (
    SectionState.ADOPTED,
    SectionState.REJECTED,
    SectionState.IN_BALLOT,
    SectionState.FROZEN,
    SectionState.DRAFT,
)
BAR = 100  # units of a bar's width


@dataclass(frozen=True)
class Piece:
    """A part of the bar, in its units."""

    state: SectionState
    start: float
    width: float


@dataclass(frozen=True)
class Progress:
    """How many sections stand in each state."""

    counts: Mapping[SectionState, int]

    @property
    def whole(self) -> int:
        """How many sections there are."""
        return sum(self.counts.values())

    @property
    def adopted(self) -> int:
        """How many are adopted."""
        return self.counts.get(SectionState.ADOPTED, 0)

    @property
    def others(self) -> list[tuple[SectionState, int]]:
        """The states but adopted that some section is in, with how many are."""
        return [
            (state, self.counts[state])
            for state in ORDER[1:]
            if self.counts.get(state, 0)
        ]

    @property
    def pieces(self) -> list[Piece]:
        """The pieces of the bar from left to right; together they fill it."""
        pieces, start = [], 0.0
        for state in ORDER:
            width = BAR * self.counts.get(state, 0) / (self.whole or 1)
            if width:
                pieces.append(Piece(state, round(start, 2), round(width, 2)))
                start += width
        return pieces


def together(parts: Iterable[Mapping[SectionState, int]]) -> Progress:
    """Add up the counts of several subgroups."""
    counts: dict[SectionState, int] = {}
    for part in parts:
        for state, number in part.items():
            counts[state] = counts.get(state, 0) + number
    return Progress(counts)
