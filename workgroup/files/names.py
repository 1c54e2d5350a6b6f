"""The name under which a file is offered to be saved: hostile until cleaned; pure."""

import unicodedata
from urllib.parse import quote

LONGEST = 120  # characters
SEPARATORS = '/\\:*?"<>|'  # some system takes each of them for more than a letter


def safe_name(name: str) -> str:
    """Return a name that is one plain file name on every system.

    Control and format characters go: a bidirectional one shows ``exe.pdf`` for what
    ends in ``fdp.exe``. Japanese and Korean stay as they are.
    """
    composed = unicodedata.normalize("NFC", name)
    kept = "".join(
        "-" if each in SEPARATORS else each
        for each in composed
        if unicodedata.category(each)[0] != "C"
    )
    stem, dot, ending = kept.strip(". ").rpartition(".")
    room = LONGEST - len(dot + ending)
    return (stem[:room] + dot + ending)[:LONGEST].strip(". ") or "file"


def disposition(name: str, *, download: bool) -> str:
    """Return the header's value with the name for every browser, old ones in ASCII."""
    safe = safe_name(name)
    letters = unicodedata.normalize("NFKD", safe).encode("ascii", "ignore").decode()
    plain = letters.strip()
    if not plain or plain.startswith("."):  # nothing of the stem is ASCII
        plain = f"file{plain}"
    kind = "attachment" if download else "inline"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"
