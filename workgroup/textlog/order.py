"""The order of all units of a stream, computed as Yjs computes it.

An item names the two units between which it was written. Editors agree on one order only if
these two can have been next to each other in somebody's copy, so the intake has to know the
order itself.
"""

from workgroup.textlog.runs import (
    CLOCK,
    CLOCK_BITS,
    COLLECTED_RUN,
    NONE,
    DisorderError,
    Runs,
    TooManyStepsError,
)
from workgroup.textlog.slots import COLLECTED, KIND, VALUE


class Order(Runs):
    """The runs of a stream, each at the place where all editors will put it."""

    __slots__ = ()

    def collect(self, writer: int, length: int) -> None:
        """Add units that were deleted, of which nothing but their number is known."""
        clock, runs = self.ends[writer], self.runs[writer]
        if not runs or self.lists[runs[-1]] != NONE:
            run = self._new_run(writer << CLOCK_BITS | clock, COLLECTED, NONE)
            self.starts[writer].append(clock)
            runs.append(run)
            self.journal.append(COLLECTED_RUN)
        self.ends[writer] = clock + length

    def insert(
        self,
        writer: int,
        inside: int,
        between: tuple[int, int, int, int],
        taken: int,
        length: int,
        *,
        joins: bool,
    ) -> None:
        """Add units between two runs, as a new one or as a part of the left one.

        Args:
            writer: whose they are.
            inside: the list.
            between: the unit and the run on the left, then those on the right, or -1.
            taken: what occupies the slot.
            length: how many units.
            joins: whether they may become part of the run on their left.

        Raises:
            DisorderError: the right one does not stand after the left one.
            TooManyStepsError: finding that out takes too long.
        """
        origin, left, right, next_run = between
        clock = self.ends[writer]
        unit = writer << CLOCK_BITS | clock
        before = left
        if (self.heads[inside] if left == NONE else self.following[left]) != next_run:
            self._check(between)
            before = self._resolve(unit, inside, between)
        self.ends[writer] = clock + length
        if (
            joins
            and before == left
            and origin == unit - 1
            and self.rights[left] == right
        ):
            return
        self._put(self._new_run(unit, taken, inside), before, origin, right)
        self.starts[writer].append(clock)

    def _put(self, run: int, before: int, origin: int, right: int) -> None:
        """Put a new run after another one, or first in its list."""
        if before == NONE:
            inside = self.lists[run]
            self.following[run], self.heads[inside] = self.heads[inside], run
        else:
            self.following[run] = self.following[before]
            self.following[before] = run
        self.origins[run], self.rights[run] = origin, right
        self.runs[self.firsts[run] >> CLOCK_BITS].append(run)
        self.journal.append(before)

    def _check(self, between: tuple[int, int, int, int]) -> None:
        """Check that these two can have been neighbors in somebody's copy.

        Anyone who knows the right one knows the unit it was written after, which must not
        lie between the two; likewise what the left one was written before. Only then
        does the order not depend on when an item is learnt of.
        """
        origin, left, right, next_run = between
        before = NONE if left == NONE else self.rights[left]
        after = NONE if next_run == NONE else self.origins[next_run]
        if before == right != NONE or after == origin != NONE:
            return  # checked when one was written next to the other
        if NONE in (left, next_run):
            if (before, after) != (NONE, NONE):
                raise DisorderError("crossed neighbors")
            return
        stops = {
            self.run_at(unit >> CLOCK_BITS, unit & CLOCK)
            for unit in (before, after)
            if unit != NONE
        }
        run, following, steps = self.following[left], self.following, 1
        while run != next_run:
            if run == NONE or run in stops:
                raise DisorderError("crossed neighbors")
            if self.steps + steps > self.limit:
                raise TooManyStepsError
            run = following[run]
            steps += 1
        self._spend(steps)

    def _resolve(
        self, unit: int, inside: int, between: tuple[int, int, int, int]
    ) -> int:
        """Find the run to stand after among what was written at the same place.

        This is Yjs's own rule (Item.integrate), step by step: all editors arrive at the same
        order, no matter in which order they receive the items.
        """
        origin, left, right, next_run = between
        client = self.clients[unit >> CLOCK_BITS]
        before, passed, conflicting = left, set[int](), set[int]()
        other = self.heads[inside] if left == NONE else self.following[left]
        if left == NONE and self.slots[inside] & KIND == VALUE:
            # Yjs walks from the last value to the first.
            self._pass_all(inside)
        most = self.limit - self.steps
        while other not in (NONE, next_run):
            passed.add(other)
            if len(passed) > most:
                raise TooManyStepsError
            conflicting.add(other)
            theirs = self.origins[other]
            if theirs == origin:
                if self.clients[self.firsts[other] >> CLOCK_BITS] < client:
                    before = other
                    conflicting.clear()
                elif self.rights[other] == right:
                    break
            elif theirs == NONE:
                break
            else:
                source = self.run_at(theirs >> CLOCK_BITS, theirs & CLOCK)
                if source not in passed:
                    break
                if source not in conflicting:
                    before = other
                    conflicting.clear()
            other = self.following[other]
        self._spend(len(passed))
        return before

    def _pass_all(self, inside: int) -> None:
        run = self.heads[inside]
        while run != NONE:
            run = self.following[run]
            self._spend(1)
