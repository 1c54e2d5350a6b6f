"""The units of a stream as runs in parallel arrays: compact, with exact undo.

A *run* is consecutive units of one writer in one list. A list holds
the contents of one parent: an element's children, a text's words, or the values of one
attribute.
"""

from array import array
from bisect import bisect_right

from workgroup.textlog.slots import IN_ROOT

CLOCK_BITS = 32
CLOCK = 2**CLOCK_BITS - 1
NONE = -1
# Runs of a writer that are shifted when one is cut in two. A step takes the intake six times as
# long, but all steps of a text's life bound what its readers shift, too.
MOVED_IN_A_STEP = 500

# What a journal records as done, besides "a run was put after this one" (-1: first).
SPLIT, COLLECTED_RUN, NEW_LIST = -2, -3, -4


class DisorderError(Exception):
    """An item cannot stand between the neighbors that it names."""


class TooManyStepsError(DisorderError):
    """Finding the places of an update takes longer than it may."""

    def __init__(self) -> None:
        super().__init__("too many at one place")


class Runs:
    """The runs of one stream in parallel arrays, by the number of a run."""

    __slots__ = (
        "clients", "ends", "firsts", "following", "fresh", "heads", "journal", "keys",
        "limit", "list_of", "lists", "origins", "rights", "runs", "slots", "starts", "steps",
        "taken", "writers",
    )  # fmt: skip

    def __init__(self) -> None:
        self.clients = array("q")  # of each writer
        self.ends = array("q")  # the next clock of each writer
        self.writers: dict[int, int] = {}  # client id → writer's number
        self.starts: list[array[int]] = []  # of each writer: where its runs begin …
        self.runs: list[array[int]] = []  # … and their numbers
        # Of each run:
        self.firsts = array("q")  # its first unit, a writer's number and a clock
        self.taken = array("i")  # what took the slot; see slots.py
        self.lists = array("i")  # the list it lies in; none for what was collected
        self.following = array("i")  # the run after it
        self.origins = array("q")  # the unit that its first unit was written after
        self.rights = array("q")  # the unit that all of it was written before
        # Of each list:
        self.heads = array("i", (NONE,))  # its first run
        self.slots = array("i", (IN_ROOT,))
        self.keys = array("q", (NONE,))  # the parent's run × 32 + the attribute
        self.list_of: dict[int, int] = {NONE: 0}
        # Runs passed while searching for places, about 0.9 µs each: in the life of the stream …
        self.steps = 0
        self.limit = 0  # … and how far they may go in this update
        self.journal: list[int] = []
        self.fresh = False  # the update is its writer's first

    def begin(self, client: int, steps: int) -> int:
        """Begin an update, which can be undone until the next one begins; return the writer's number.

        Args:
            client: the writer's client id.
            steps: how many it may take.
        """
        self.journal.clear()
        self.fresh = client not in self.writers
        self.limit = self.steps + steps
        return self._new_writer(client) if self.fresh else self.writers[client]

    # Writers and their units

    def _new_writer(self, client: int) -> int:
        number = self.writers[client] = len(self.clients)
        self.clients.append(client)
        self.ends.append(0)
        self.starts.append(array("q"))
        self.runs.append(array("i"))
        return number

    def run_at(self, writer: int, clock: int) -> int:
        """Find the run that holds a known unit."""
        return self.runs[writer][bisect_right(self.starts[writer], clock) - 1]

    def run_ending_at(self, writer: int, clock: int) -> int:
        """Find the run whose last unit this is; cut one after it if need be."""
        starts = self.starts[writer]
        at = bisect_right(starts, clock) - 1
        run = self.runs[writer][at]
        if self.lists[run] == NONE:
            raise DisorderError("slot: nothing left there")
        end = starts[at + 1] if at + 1 < len(starts) else self.ends[writer]
        if end != clock + 1:
            self._split(writer, at, clock + 1)
        return run

    def run_starting_at(self, writer: int, clock: int, left: int) -> int:
        """Find the run whose first unit this is; cut one before it if need be.

        Args:
            writer: the unit's.
            clock: likewise.
            left: the run that ends with the left neighbor, or -1. It cannot hold the
                right one as well: a cut would separate it from its end.
        """
        starts = self.starts[writer]
        at = bisect_right(starts, clock) - 1
        run = self.runs[writer][at]
        if run == left:
            raise DisorderError("crossed neighbors")
        if self.lists[run] == NONE:
            raise DisorderError("slot: nothing left there")
        return run if starts[at] == clock else self._split(writer, at, clock)

    def part(self, writer: int, clock: int) -> None:
        """Cut before a known unit, or after the last one, as a deletion does."""
        starts = self.starts[writer]
        at = bisect_right(starts, clock) - 1
        if starts[at] == clock or clock == self.ends[writer]:
            return
        if self.lists[self.runs[writer][at]] != NONE:
            self._split(writer, at, clock)

    def _spend(self, steps: int) -> None:
        self.steps += steps
        if self.steps > self.limit:
            raise TooManyStepsError

    def _split(self, writer: int, at: int, clock: int) -> int:
        self._spend((len(self.starts[writer]) - at) // MOVED_IN_A_STEP)
        run, unit = self.runs[writer][at], writer << CLOCK_BITS | clock
        new = self._new_run(unit, self.taken[run], self.lists[run])
        self.following[new] = self.following[run]
        self.following[run] = new
        self.origins[new] = unit - 1
        self.rights[new] = self.rights[run]
        self.starts[writer].insert(at + 1, clock)
        self.runs[writer].insert(at + 1, new)
        self.journal.append(SPLIT)
        return new

    def _new_run(self, first: int, taken: int, inside: int) -> int:
        self.firsts.append(first)
        self.taken.append(taken)
        self.lists.append(inside)
        self.following.append(NONE)
        self.origins.append(NONE)
        self.rights.append(NONE)
        return len(self.firsts) - 1

    # Lists

    def list_in(self, parent: int, key: int, slot: int) -> int:
        """Find the list of a parent's children (key 0) or of one attribute's values."""
        name = parent << 5 | key
        found = self.list_of.get(name)
        if found is None:
            found = self.list_of[name] = len(self.heads)
            self.heads.append(NONE)
            self.slots.append(slot)
            self.keys.append(name)
            self.journal.append(NEW_LIST)
        return found

    # Taking back

    def undo(self, writer: int, end: int, steps: int) -> None:
        """Undo everything in the journal, the last entry first."""
        while self.journal:
            done = self.journal.pop()
            if done == NEW_LIST:
                self.heads.pop()
                self.slots.pop()
                del self.list_of[self.keys.pop()]
            else:
                self._take_back(done)
        self.ends[writer], self.steps = end, steps
        if self.fresh:
            del self.writers[self.clients.pop()]
            for column in (self.ends, self.starts, self.runs):
                column.pop()

    def _take_back(self, done: int) -> None:
        run = len(self.firsts) - 1
        writer, clock = divmod(self.firsts[run], CLOCK + 1)
        at = bisect_right(self.starts[writer], clock) - 1
        if done == SPLIT:
            self.following[self.runs[writer][at - 1]] = self.following[run]
        elif done == NONE:
            self.heads[self.lists[run]] = self.following[run]
        elif done >= 0:
            self.following[done] = self.following[run]
        self.starts[writer].pop(at)
        self.runs[writer].pop(at)
        for column in (self.firsts, self.taken, self.lists):
            column.pop()
        for column in (self.following, self.origins, self.rights):
            column.pop()
