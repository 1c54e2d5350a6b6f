"""Doing what a form asks for once, however often it arrives."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from workgroup import clock
from workgroup.database import db
from workgroup.sending.models import SentForm

KEPT = timedelta(days=30)  # far longer than any browser keeps trying
# Fields with a random value: of a form that can be shown again filled, and of a lone button.
KEYS = {"form_key", "press_key"}
AT_ONCE = 5000  # records deleted in one transaction, in about a tenth of a second


def once(
    by: int,
    address: str,
    fields: Iterable[tuple[str, str]],
    make: Callable[[], int],
    stands: Callable[[int], bool],
) -> int:
    """Do what a form asks for, and return the id of what it made, now or before.

    A form is recognized by its random key *and* its content: anyone who edits the text
    before sending it again has written something else, which must not be thrown away. And
    what the first one made must still exist: a person who goes back to an old page and sends
    it again after its subgroup was removed wants the subgroup, and must not read "Saved".

    Args:
        by: the id of the person who sends it.
        address: the path that it was sent to.
        fields: all that was sent.
        make: does it, and returns the id of what it made.
        stands: whether what was made, by its id, is still as the form wanted it.
    """
    pairs = sorted(pair for pair in fields if pair[0] != "csrf_token")
    if not KEYS & dict(pairs).keys():
        return make()
    digest = _digest(by, address, pairs)
    if not _claim(digest):
        earlier = db.session.scalars(
            select(SentForm.subject_id).where(SentForm.digest == digest)
        ).one()
        if earlier is not None and stands(earlier):
            return earlier
    made = make()
    db.session.execute(
        update(SentForm).where(SentForm.digest == digest).values(subject_id=made)
    )
    return made


def forget_old() -> bool:
    """Delete some of what no browser will send again; return whether there may be more."""
    old = select(SentForm.digest).where(SentForm.at < clock.now() - KEPT)
    forgotten = db.session.scalars(
        delete(SentForm)
        .where(SentForm.digest.in_(old.limit(AT_ONCE)))
        .returning(SentForm.digest)
        .execution_options(synchronize_session=False)
    ).all()
    return len(forgotten) == AT_ONCE


def _digest(by: int, address: str, pairs: Sequence[tuple[str, str]]) -> str:
    return hashlib.sha256(json.dumps([by, address, pairs]).encode()).hexdigest()


def _claim(digest: str) -> bool:
    """Record that the form is being acted on; waits for another request that is doing so."""
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    claimed = db.session.execute(
        insert(SentForm)
        .values(digest=digest, at=clock.now())
        .on_conflict_do_nothing()
        .returning(SentForm.digest)
    ).first()
    return claimed is not None
