"""Writing the audit log, and proving that nobody altered it."""

import hashlib
import json
from datetime import datetime

from sqlalchemy import select, text

from workgroup import clock
from workgroup.audit.models import AuditRecord
from workgroup.database import db

START = "0" * 64
CHAIN_LOCK = 0x57474155  # one advisory lock for the chain on PostgreSQL


def record(
    actor: str, action: str, subject: str, *, cohort_id: int | None = None
) -> None:
    """Append one act in the running transaction (two queries).

    Args:
        actor: ``person:7``, or ``system``.
        action: what was done, such as ``ballot.opened``; never how somebody voted.
        subject: what it was done to, such as ``ballot:12``.
        cohort_id: where it shows; none for acts outside a cohort.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        # SQLite's writers are alone anyway; here two chains would fork.
        db.session.execute(
            text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK}
        )
    last = db.session.scalars(
        select(AuditRecord).order_by(AuditRecord.number.desc()).limit(1)
    ).first()
    number = last.number + 1 if last else 1
    at = clock.now()
    digest = link(
        last.digest if last else START, number, actor, action, subject, cohort_id, at
    )
    db.session.add(
        AuditRecord(
            number=number,
            actor=actor,
            action=action,
            subject=subject,
            cohort_id=cohort_id,
            at=at,
            digest=digest,
        )
    )
    db.session.flush()


def link(
    before: str,
    number: int,
    actor: str,
    action: str,
    subject: str,
    cohort_id: int | None,
    at: datetime,
) -> str:
    """Return the hash of a record, which covers the record before it."""
    covered = [before, number, actor, action, subject, cohort_id, at.isoformat()]
    return hashlib.sha256(json.dumps(covered).encode()).hexdigest()


def first_altered() -> int | None:
    """Return the number of the first record that was altered or is missing, if any."""
    before, expected = START, 1
    for row in db.session.scalars(select(AuditRecord).order_by(AuditRecord.number)):
        digest = link(
            before,
            row.number,
            row.actor,
            row.action,
            row.subject,
            row.cohort_id,
            row.at,
        )
        if row.number != expected or row.digest != digest:
            return expected
        before, expected = digest, expected + 1
    return None
