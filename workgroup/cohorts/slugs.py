"""The short names of cohorts in addresses: their form, and what is made from a name; pure."""

import re
import unicodedata

from workgroup.text import normal

LONGEST = 48
FORM = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?")

# Words that a reader would take for a page of the site rather than a cohort.
RESERVED = frozenset(
    {
        "account",
        "admin",
        "api",
        "c",
        "cohort",
        "cohorts",
        "help",
        "invitations",
        "new",
        "static",
        "workgroup",
    }
)


def propose(name: str) -> str:
    """Make a slug from the Latin letters and digits of a name; empty where it has none."""
    folded = normal("NFKD", name)
    plain = "".join(c for c in folded if not unicodedata.combining(c)).lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "").replace("’", ""))
    return words.strip("-")[:LONGEST].rstrip("-")


def is_usable(slug: str) -> bool:
    """Return whether a slug has the right form and is not reserved."""
    return bool(FORM.fullmatch(slug)) and slug not in RESERVED
