"""Names under which files are saved: hostile until cleaned; pure."""

import unicodedata
from urllib.parse import quote

from workgroup.text import normal

LONGEST = 120  # characters
SEPARATORS = '/\\:*?"<>|'  # each has a special meaning on some system


def safe_name(name: str) -> str:
    """Return a name that is a plain file name on every system.

    Control and format characters are removed: with a bidirectional one, a name that ends in
    ``fdp.exe`` shows as ``exe.pdf``. Japanese and Korean stay as they are.
    """
    composed = normal("NFC", name)
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
    letters = normal("NFKD", safe).encode("ascii", "ignore").decode()
    plain = letters.strip()
    if not plain or plain.startswith("."):  # the stem has no ASCII characters
        plain = f"file{plain}"
    kind = "attachment" if download else "inline"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"
