"""A section with as many comments as a year of lively discussion brings, written at once."""

from sqlalchemy import insert

from workgroup.database import db
from workgroup.discussion.kinds import Subject, new_public_id
from workgroup.discussion.models import Comment, Thread

SENTENCE = (
    "The ministries should name one office that answers for it, with its own budget. "
)


def discuss(section_id, author, *, threads=1000, comments=1, resolved=0):
    """Write threads on words, each with this many comments; the first ones are resolved.

    Returns:
        The threads' public ids in their order.
    """
    now = author.joined_at
    ids = [new_public_id() for _ in range(threads)]
    db.session.execute(
        insert(Thread.__table__),
        [
            {
                "public_id": id_,
                "subject": Subject.WORDS,
                "section_id": section_id,
                "quote": "reports once a year",
                "created_at": now,
                "resolved_at": now if number < resolved else None,
                "resolved_by_id": author.id if number < resolved else None,
            }
            for number, id_ in enumerate(ids)
        ],
    )
    found = db.session.query(Thread.public_id, Thread.id).filter(
        Thread.section_id == section_id
    )
    numbers = dict(found.all())
    db.session.execute(
        insert(Comment.__table__),
        [
            {
                "thread_id": numbers[id_],
                "author_id": author.id,
                "body": f"{SENTENCE}({number})",
                "at": now,
            }
            for number in range(1, comments + 1)
            for id_ in ids
        ],
    )
    return ids
