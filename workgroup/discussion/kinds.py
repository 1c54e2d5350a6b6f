"""What a thread is about, and who sees it; pure."""

import re
import secrets
from enum import StrEnum

ID_BYTES = 16  # 128 bits: cannot be guessed, and reveals neither order nor number
PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{1,22}")


class Subject(StrEnum):
    """What a thread is about."""

    WORDS = "words"  # of a draft
    SECTION = "section"  # as a whole
    VERSION = "version"  # or words of it
    BALLOT = "ballot"


class Audience(StrEnum):
    """Who sees a thread; to all others it does not exist."""

    EVERYBODY = "everybody"  # in the cohort
    DELEGATION = "delegation"
    SUBGROUP = "subgroup"


def new_public_id() -> str:
    """Return a fresh id for addresses and for the mark in the text."""
    return secrets.token_urlsafe(ID_BYTES)
