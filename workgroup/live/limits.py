"""How much one person may send, over all sockets together: buckets that fill with time."""

MESSAGES_A_SECOND = 100  # several windows whose keys and cursors move at once
MESSAGES_AT_ONCE = 1000
BYTES_A_SECOND = 1_000_000 / 60
BYTES_AT_ONCE = 3_000_000  # what was typed offline comes back in a few large frames
UPDATES_A_SECOND = 1000  # ten minutes of typing offline come back within five seconds
UPDATES_AT_ONCE = 300
SOCKETS_A_PERSON = 20
WAITING_BYTES = 4_000_000  # unsent to one socket; behind that its reader is too slow
FORGET_AFTER = BYTES_AT_ONCE / BYTES_A_SECOND  # seconds until an idle person's are full


class Bucket:
    """So much at once, and so much more with each second."""

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
        """Take an amount if so much is left; return whether it was."""
        self.fill(at)
        if self.left < amount:
            return False
        self.left -= amount
        return True

    def borrow(self, amount: float, at: float) -> float:
        """Take an amount in any case; return how many seconds to wait until it is there."""
        self.fill(at)
        self.left -= amount
        return max(0.0, -self.left / self.rate)


class Allowance:
    """What is left of one person's messages, bytes and updates.

    No honest editor comes near the messages and bytes: anyone who spends them goes. Updates
    are another matter, since hours of work may come back from a device at once: they are
    taken as fast as the rate lets them, and the sender waits.

    All moments are seconds of a clock that only goes forward.
    """

    __slots__ = ("messages", "updates", "volume")

    def __init__(self, at: float) -> None:
        self.messages = Bucket(MESSAGES_A_SECOND, MESSAGES_AT_ONCE, at)
        self.volume = Bucket(BYTES_A_SECOND, BYTES_AT_ONCE, at)
        self.updates = Bucket(UPDATES_A_SECOND, UPDATES_AT_ONCE, at)

    def spend(self, size: int, at: float) -> bool:
        """Spend one message of this many bytes; return whether there was enough left."""
        return self.messages.spend(1, at) and self.volume.spend(size, at)


class Allowances:
    """Everybody's. A person's outlives their sockets, or a new socket would renew it."""

    def __init__(self) -> None:
        self.people: dict[int, Allowance] = {}
        self.swept = 0.0

    def of(self, user_id: int, at: float) -> Allowance:
        """Find what is left of a person's."""
        if at - self.swept > FORGET_AFTER:
            self.swept = at
            self.people = {
                person: allowance
                for person, allowance in self.people.items()
                if at - allowance.messages.at < FORGET_AFTER
            }
        return self.people.setdefault(user_id, Allowance(at))
