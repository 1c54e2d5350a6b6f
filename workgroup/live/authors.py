"""One writer of a stream, and why its next update may have to wait."""


class HeldUpError(Exception):
    """A writer's update cannot be accepted now; the editor gets this frame and stays connected."""

    def __init__(self, frame: str) -> None:
        super().__init__(frame)
        self.frame = frame


class Author:
    """One writer: whose it is, and the numbers of its last updates."""

    __slots__ = ("names", "queued", "stored", "user_id")

    def __init__(self, user_id: int | None, stored: int) -> None:
        self.user_id = user_id
        self.stored = stored  # its last number in the log, 0 for none
        self.queued = stored  # the last one that the intake accepted
        self.names = ""  # how people were named on the page that sent it
