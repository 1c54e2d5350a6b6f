"""Who is in a room and where: stamped by the server, kept in memory, never stored."""

from collections.abc import Collection, Iterable, Mapping

from workgroup.cohorts.attribution import COLORS, Shown

GONE = b""
Described = dict[int, dict[str, object]]  # by connection


def described(people: Iterable[tuple[int, int, Shown]]) -> Described:
    """Describe who is here, by connection, one color for each person while they last.

    Who is not named has no color, and nothing of a person but that a further connection
    is of somebody who is counted already.

    Args:
        people: connection, person and what may be shown, in order of arrival.
    """
    colors: dict[int, int] = {}
    seen: set[int] = set()
    people_here: Described = {}
    for connection, person, shown in people:
        one = _words(shown)
        if shown.is_named:
            one["color"] = colors.setdefault(person, _color(person, colors))
        if person in seen:
            one["again"] = True
        seen.add(person)
        people_here[connection] = one
    return people_here


def as_own(people: Described, mine: Collection[int], own: Shown) -> Described:
    """Describe who is here to one of them, whose connections are shown as his or her own."""
    return {
        connection: {**one, **_words(own)} if connection in mine else one
        for connection, one in people.items()
    }


def _words(shown: Shown) -> dict[str, object]:
    return {
        "name": shown.text,
        "lang": shown.lang,
        "code": shown.code,
        "initials": shown.initials,
    }


def _color(person: int, taken: Mapping[int, int]) -> int:
    """Keep a person's own color unless somebody here has it already."""
    free = set(range(COLORS)) - set(taken.values())
    wanted = person % COLORS
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
        """Return what moved since the last call, and forget it."""
        moved, self.moved = self.moved, set()
        return [(number, self.places.get(number, GONE)) for number in sorted(moved)]
