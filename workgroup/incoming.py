"""A request's headers as the rest of the program gets them: the visitor's own, each within bounds; pure.

Libraries read headers with patterns that take as many steps as a value's length squared, and
let no other thread run meanwhile: twenty thousand spaces in a cookie took six seconds. So no
value reaches them that is longer than any browser's.
"""

import re
from collections.abc import Iterable, Iterator

LONGEST = 1000  # bytes of a value; the rest is cut off
LONGEST_OF = {
    b"content-type": 200,  # its boundary is searched for in all of a form
    b"hx-current-url": 8192,  # addresses, which no pattern reads
    b"referer": 8192,
    b"x-forwarded-for": None,  # our own proxy writes at its end
}
OUR_COOKIE = "session"  # Flask's name; there is no other cookie
SIGNED = re.compile(rb"[A-Za-z0-9_.-]{1,4096}")  # as Flask writes its value

Header = tuple[bytes, bytes]


def within_bounds(headers: Iterable[Header]) -> Iterator[Header]:
    """Yield the headers that a visitor can have sent, without what is too long.

    Left out are header names with an underscore, which WSGI confuses with a dash, and all
    cookies but ours.
    """
    for name, value in headers:
        if name == b"cookie":
            if cookie := our_cookie(value):
                yield name, cookie
        elif b"_" not in name:
            yield name, value[: LONGEST_OF.get(name, LONGEST)]


def our_cookie(sent: bytes) -> bytes:
    """Return our cookie alone, as a header writes it; empty if none of its form is there."""
    for one in sent.split(b";"):
        name, _, value = one.strip().partition(b"=")
        if name == OUR_COOKIE.encode() and SIGNED.fullmatch(value):
            return name + b"=" + value
    return b""
