"""The size of a stream, in everything that makes reading it slow."""

from dataclasses import dataclass

from workgroup.textlog.schema import MAX_STREAM


class TooLargeError(ValueError):
    """The stream would grow too large to be read in time."""


@dataclass(slots=True)
class Size:
    """The size of an update, or of all updates of a stream together."""

    bytes: int = 0
    items: int = 0
    elements: int = 0
    words: int = 0
    marks: int = 0
    steps: int = 0

    def grow(self, more: "Size") -> None:
        """Add an update's size.

        Raises:
            TooLargeError: the stream would be too large; nothing was added.
        """
        if (
            self.bytes + more.bytes > MAX_STREAM["bytes"]
            or self.items + more.items > MAX_STREAM["items"]
            or self.elements + more.elements > MAX_STREAM["elements"]
            or self.words + more.words > MAX_STREAM["words"]
            or self.marks + more.marks > MAX_STREAM["marks"]
            or self.steps + more.steps > MAX_STREAM["steps"]
        ):
            raise TooLargeError("the text is too large")
        self.bytes += more.bytes
        self.items += more.items
        self.elements += more.elements
        self.words += more.words
        self.marks += more.marks
        self.steps += more.steps

    @property
    def share(self) -> float:
        """The used share of what a stream can hold; at 1 nothing more is accepted."""
        return max(
            self.bytes / MAX_STREAM["bytes"],
            self.items / MAX_STREAM["items"],
            self.elements / MAX_STREAM["elements"],
            self.words / MAX_STREAM["words"],
            self.marks / MAX_STREAM["marks"],
            self.steps / MAX_STREAM["steps"],
        )
