"""Who is in a room and where: stamped by the server, kept in memory, never stored."""

from collections.abc import Iterable, Mapping

COLOURS = 8  # the style sheet has a class for each
GONE = b""


def initials(name: str) -> str:
    """Shorten a name to two letters; a native-script one to its first character."""
    words = name.partition("@")[0].replace(".", " ").split()
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


def described(
    people: Iterable[tuple[int, int, str, str]],
) -> dict[int, dict[str, object]]:
    """Describe who is here, by connection, one colour for each person while they last.

    Args:
        people: connection, person, name and delegation's code, in order of arrival.
    """
    colours: dict[int, int] = {}
    people_here: dict[int, dict[str, object]] = {}
    for connection, person, name, code in people:
        colour = colours.setdefault(person, _colour(person, colours))
        people_here[connection] = {
            "name": name,
            "code": code,
            "initials": initials(name),
            "colour": colour,
        }
    return people_here


def _colour(person: int, taken: Mapping[int, int]) -> int:
    """Keep a person's own colour unless somebody here has it already."""
    free = set(range(COLOURS)) - set(taken.values())
    wanted = person % COLOURS
    return wanted if wanted in free or not free else min(free)


class Cursors:
    """Where the connections of one room are, and which of them moved since the last tick."""

    __slots__ = ("moved", "places")

    def __init__(self) -> None:
        self.places: dict[int, bytes] = {}
        self.moved: set[int] = set()

    def move(self, connection: int, place: bytes) -> None:
        """Note a new place; an empty one is nowhere."""
        self.places[connection] = place
        self.moved.add(connection)

    def leave(self, connection: int) -> None:
        """Forget a connection; the others are told at the next tick."""
        if self.places.pop(connection, GONE):
            self.moved.add(connection)

    def take_moved(self) -> list[tuple[int, bytes]]:
        """Give what moved, and begin anew."""
        moved, self.moved = self.moved, set()
        return [(number, self.places.get(number, GONE)) for number in sorted(moved)]
