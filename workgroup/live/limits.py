"""How much one socket may send: a bucket that fills as time goes by."""

MESSAGES_A_SECOND = 30
MESSAGES_AT_ONCE = 300  # ten seconds' worth: a key held down sends more for a while
BYTES_A_SECOND = 1_000_000 / 60
BYTES_AT_ONCE = 3_000_000  # what was typed offline comes back in a few large frames
SOCKETS_A_PERSON = 20
WAITING_BYTES = 4_000_000  # unsent to one socket; behind that its reader is too slow


class Allowance:
    """What is left of a socket's messages and bytes."""

    __slots__ = ("at", "messages", "volume")

    def __init__(self, at: float) -> None:
        self.at = at
        self.messages = float(MESSAGES_AT_ONCE)
        self.volume = float(BYTES_AT_ONCE)

    def spend(self, size: int, at: float) -> bool:
        """Take one message of so many bytes; say whether there was enough left.

        Args:
            size: in bytes.
            at: the moment on a clock that only goes forward, in seconds.
        """
        passed, self.at = at - self.at, at
        gained = self.messages + passed * MESSAGES_A_SECOND
        self.messages = min(gained, MESSAGES_AT_ONCE) - 1
        gained = self.volume + passed * BYTES_A_SECOND
        self.volume = min(gained, BYTES_AT_ONCE) - size
        return self.messages >= 0 and self.volume >= 0
