"""How much one person may send over all sockets together: token buckets."""

# Enough for several windows in which keys and cursors move at once.
MESSAGES_A_SECOND = 100
MESSAGES_AT_ONCE = 1000
# Of one connection, pings and pieces of messages among them.
FRAMES_A_SECOND = 200
FRAMES_AT_ONCE = 2000
BYTES_A_SECOND = 1_000_000 / 60
BYTES_AT_ONCE = 3_000_000  # what was typed offline comes back in a few large frames
UPDATES_A_SECOND = 1000  # ten minutes of typing offline come back within five seconds
UPDATES_AT_ONCE = 300
# Of the intake's search for places. Typing takes next to none; a word that is replaced at once in
# all of a long text may take half of what a person has, which is a fifth of a second's work.
STEPS_A_SECOND = 2000
STEPS_AT_ONCE = 200_000
# Loaded pages that begin to write. Each stays in the text's memory for good, however little it wrote;
# an outbox may bring hundreds back from days without a network.
NEW_WRITERS_A_SECOND = 1
NEW_WRITERS_AT_ONCE = 1000
SOCKETS_A_PERSON = 20
# Each costs a few queries and a new list of people for a whole room.
OPENINGS_A_SECOND = 4
# Enough for a server that restarts twice while everybody reconnects.
OPENINGS_AT_ONCE = 3 * SOCKETS_A_PERSON
# Seconds that a new socket may be kept waiting; one that would wait longer is refused.
LONGEST_PAUSE = 10.0
# Unsent to one socket; above that the reader is too slow, and its socket is closed.
WAITING_BYTES = 4_000_000
MANY_SIGN_INS = 1000  # remembered before idle ones are forgotten
# Seconds after which an idle person's buckets are full anyway.
FORGET_AFTER = NEW_WRITERS_AT_ONCE / NEW_WRITERS_A_SECOND


class Bucket:
    """A token bucket: a burst at once, and a steady rate after it."""

    __slots__ = ("at", "left", "rate", "size")

    def __init__(self, rate: float, size: float, at: float) -> None:
        self.rate = rate
        self.size = self.left = float(size)
        self.at = at

    def fill(self, at: float) -> None:
        """Add what the rate has earned since the last time."""
        self.left = min(self.left + (at - self.at) * self.rate, self.size)
        self.at = at

    def spend(self, amount: float, at: float) -> bool:
        """Take an amount if that much is left; return whether it was."""
        self.fill(at)
        if self.left < amount:
            return False
        self.left -= amount
        return True

    def borrow(self, amount: float, at: float) -> float:
        """Take an amount, into debt if need be; return the seconds until the debt is paid."""
        self.fill(at)
        self.left -= amount
        return max(0.0, -self.left / self.rate)


class Allowance:
    """What is left of one person's messages, bytes, updates, steps of the intake and new writers.

    No honest editor comes near the limits of messages and bytes, so a sender who reaches them
    is disconnected. Updates, their steps and their writers are different, since hours of offline
    work may arrive at once: they are accepted as fast as the rate allows, and the sender waits.

    All moments are seconds of a clock that only goes forward.
    """

    __slots__ = ("messages", "steps", "updates", "volume", "writers")

    def __init__(self, at: float) -> None:
        self.messages = Bucket(MESSAGES_A_SECOND, MESSAGES_AT_ONCE, at)
        self.volume = Bucket(BYTES_A_SECOND, BYTES_AT_ONCE, at)
        self.updates = Bucket(UPDATES_A_SECOND, UPDATES_AT_ONCE, at)
        self.steps = Bucket(STEPS_A_SECOND, STEPS_AT_ONCE, at)
        self.writers = Bucket(NEW_WRITERS_A_SECOND, NEW_WRITERS_AT_ONCE, at)

    def spend(self, size: int, at: float) -> bool:
        """Spend one message of this many bytes; return whether there was enough left."""
        return self.messages.spend(1, at) and self.volume.spend(size, at)


class Allowances:
    """Everybody's allowances. They outlive sockets, or a new socket would bring a full one."""

    def __init__(self) -> None:
        self.people: dict[int, Allowance] = {}
        self.swept = 0.0

    def of(self, user_id: int, at: float) -> Allowance:
        """Find what a person has left."""
        if at - self.swept > FORGET_AFTER:
            self.swept = at
            self.people = {
                person: allowance
                for person, allowance in self.people.items()
                if at - allowance.messages.at < FORGET_AFTER
            }
        return self.people.setdefault(user_id, Allowance(at))


class Openings:
    """How fast sockets may be opened with one sign-in, one after another.

    Counted by sign-in, not by person: whose it is takes a query to find out.
    """

    def __init__(self) -> None:
        self.buckets: dict[str, Bucket] = {}

    def pause(self, key: str, at: float) -> float | None:
        """Return how many seconds a new socket has to wait; none where that is too long."""
        if len(self.buckets) > MANY_SIGN_INS:
            self.buckets = {
                kept: bucket
                for kept, bucket in self.buckets.items()
                if at - bucket.at < OPENINGS_AT_ONCE / OPENINGS_A_SECOND
            }
        bucket = self.buckets.setdefault(
            key, Bucket(OPENINGS_A_SECOND, OPENINGS_AT_ONCE, at)
        )
        pause = bucket.borrow(1, at)
        if pause > LONGEST_PAUSE:
            bucket.left += 1  # it is refused, so it costs nothing
            return None
        return pause
