"""Checking the position of a cursor, so that editors never get unchecked bytes from others.

A position is a pair of Yjs's relative positions, as JSON. Anything else that somebody put
there would go to every colleague's browser and be parsed by library code there.
"""

import json
from collections.abc import Mapping

from workgroup.textlog import schema
from workgroup.textlog.protocol import MAX_CLIENT_ID

NOWHERE = b""
ENDS = {"anchor", "head"}
POSITION = {"type", "tname", "item", "assoc"}
UNIT = {"client", "clock"}
SIDES = {-1, 0, 1}  # to which side of a unit a position belongs


def checked(data: bytes) -> bytes | None:
    """Write a cursor's position again from the parsed values; none where it is not valid."""
    if not data:
        return NOWHERE
    try:
        place = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not _has_only(place, ENDS) or not all(map(_is_position, place.values())):
        return None
    return json.dumps(place, separators=(",", ":")).encode()


def _has_only(value: object, names: set[str]) -> bool:
    return isinstance(value, Mapping) and names.issuperset(value)


def _is_position(value: object) -> bool:
    if value is None:
        return True
    if not isinstance(value, Mapping) or not POSITION.issuperset(value):
        return False
    return (
        value.get("tname") in (None, schema.ROOT)
        and (value.get("assoc") is None or _is_whole(value["assoc"], SIDES))
        and all(_is_unit(value.get(name)) for name in ("type", "item"))
    )


def _is_unit(value: object) -> bool:
    if value is None:
        return True
    return (
        isinstance(value, Mapping)
        and set(value) == UNIT
        and all(_is_whole(number, range(MAX_CLIENT_ID)) for number in value.values())
    )


def _is_whole(value: object, allowed: range | set[int]) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in allowed
