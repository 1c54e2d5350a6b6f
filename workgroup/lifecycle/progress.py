"""The progress of a report's sections: counts, and the segments of a bar; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workgroup.drafting.states import SectionState

# The order of the segments in a bar: decided sections first, drafts last.
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
    """A segment of the bar, in its units."""

    state: SectionState
    start: float
    width: float


@dataclass(frozen=True)
class Progress:
    """How many sections are in each state."""

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
        """The other states that occur, with their counts."""
        return [
            (state, self.counts[state])
            for state in ORDER[1:]
            if self.counts.get(state, 0)
        ]

    @property
    def pieces(self) -> list[Piece]:
        """The segments of the bar from left to right; together they fill it."""
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
