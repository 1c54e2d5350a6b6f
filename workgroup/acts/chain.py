"""The hash chain of the log: each record's hash covers the record before it. Pure."""

import hashlib
import json
from datetime import datetime

START = "0" * 64  # what stands before the first record


def link(
    before: str,
    number: int,
    actor: str,
    action: str,
    subject: str,
    cohort_id: int | None,
    at: datetime,
) -> str:
    """Return the SHA-256 of a record and of the hash before it, in hex."""
    covered = [before, number, actor, action, subject, cohort_id, at.isoformat()]
    return hashlib.sha256(json.dumps(covered).encode()).hexdigest()
