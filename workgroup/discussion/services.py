"""What can be done in a discussion. Services change; entry points commit.

Comments are neither edited nor deleted: people who answered must be able to rely on them.
"""

from datetime import UTC, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import undefer

from workgroup import clock
from workgroup.acts import services as acts
from workgroup.acts.kinds import Act
from workgroup.cohorts import promises
from workgroup.cohorts.attribution import Trace, can_mark
from workgroup.cohorts.models import Membership
from workgroup.database import db
from workgroup.discussion import queries, quotations
from workgroup.discussion.kinds import Audience, Subject, new_public_id
from workgroup.discussion.models import Comment, Thread
from workgroup.discussion.quotations import Quotation
from workgroup.drafting import queries as drafting
from workgroup.drafting.models import Section, Version
from workgroup.drafting.states import SectionState
from workgroup.errors import DomainError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NoSuchWordsError(DomainError):
    """The frozen text does not have the quoted words."""


class NoCaucusError(DomainError):
    """The author has no delegation or subgroup to start a private thread in."""


class ResolvedError(DomainError):
    """A resolved thread takes no comments."""


def open_thread(
    section: Section,
    author: Membership,
    body: str,
    quotation: Quotation,
    *,
    audience: Audience = Audience.EVERYBODY,
    public_id: str = "",
) -> Thread:
    """Start a thread with its first comment.

    On a draft the editor sets the mark, if there is to be one; on frozen text the words are found here.

    Args:
        section: what is discussed.
        author: who starts it; a private thread belongs to the author's delegation or subgroup.
        body: the first comment.
        quotation: the words that it is about, or none.
        audience: who sees it.
        public_id: the id in the text's mark, if there is one already.

    Raises:
        MoreNamesError: comments show more of the author's name than they did.
        NoCaucusError: the author has no such delegation or subgroup.
        NoSuchWordsError: the section is frozen and its text does not have the words.
    """
    names = promises.keep(author, Trace.COMMENT)
    drafting.lock_section(section)  # so that a freeze comes either before or after
    thread = _thread(section, quotation, public_id)
    _limit(thread, audience, author)
    thread.marked = can_mark(names) and _is_on_shared_words(thread)
    if section.state is not SectionState.DRAFT:
        _anchor_in_version(thread, section)
    db.session.add(thread)
    db.session.flush()
    _add_comment(thread, author, body)
    _note(Act.THREAD_OPENED, thread.id, thread, author)
    return thread


def reply(thread: Thread, author: Membership, body: str) -> Comment:
    """Add a comment to a thread.

    Nothing is promised here: the thread's own first comment stands in the way of more names.

    Raises:
        ResolvedError: the thread is resolved.
    """
    _lock(thread)
    if thread.resolved_at is not None:
        raise ResolvedError(_("This thread is resolved. Reopen it to reply."))
    comment = _add_comment(thread, author, body)
    _note(Act.COMMENT_ADDED, comment.id, thread, author)
    return comment


def resolve(thread: Thread, by: Membership) -> None:
    """Resolve a thread; its words and its mark stay. Safe to repeat."""
    _lock(thread)
    if thread.resolved_at is None:
        thread.resolved_at = clock.now()
        thread.resolved_by = by
        _note(Act.THREAD_RESOLVED, thread.id, thread, by)


def reopen(thread: Thread, by: Membership) -> None:
    """Reopen a resolved thread. Safe to repeat."""
    _lock(thread)
    if thread.resolved_at is not None:
        thread.resolved_at = thread.resolved_by = None
        _note(Act.THREAD_REOPENED, thread.id, thread, by)


def _thread(section: Section, quotation: Quotation, public_id: str) -> Thread:
    return Thread(
        section=section,
        quote=quotation.quote,
        prefix=quotation.prefix[-quotations.AROUND :],
        suffix=quotation.suffix[: quotations.AROUND],
        public_id=public_id or new_public_id(),
        subject=Subject.WORDS if quotation.quote else Subject.SECTION,
        created_at=clock.now(),
    )


def _lock(thread: Thread) -> None:
    """Lock the section and then the thread, so that changes of a section's threads have an order."""
    drafting.lock_section(thread.section)
    queries.lock_thread(thread)


def _limit(thread: Thread, audience: Audience, author: Membership) -> None:
    """Limit a thread to the author's delegation or subgroup."""
    thread.audience = audience
    if audience is Audience.DELEGATION:
        thread.delegation_id = author.delegation_id
    elif audience is Audience.SUBGROUP:
        thread.subgroup_id = author.subgroup_id
    else:
        return
    if thread.delegation_id is None and thread.subgroup_id is None:
        raise NoCaucusError(
            _("You don’t belong to a delegation or subgroup that could see it.")
        )


def _is_on_shared_words(thread: Thread) -> bool:
    for_all = thread.audience is Audience.EVERYBODY
    return for_all and thread.subject is Subject.WORDS


def _anchor_in_version(thread: Thread, section: Section) -> None:
    version = drafting.latest_version(section.id, undefer(Version.text))
    if version is None:  # frozen at this very moment: the words are stored as sent
        return
    thread.version_id, thread.subject = version.id, Subject.VERSION
    thread.marked = False
    if not thread.quote:
        return
    text = version.text
    place = quotations.find(text, thread.quote, thread.prefix, thread.suffix)
    if place is None:
        raise NoSuchWordsError(
            _(
                "These words are not in version %(number)s. Copy them from the text, "
                "or comment on the section as a whole.",
                number=version.number,
            )
        )
    thread.start, thread.end = place
    thread.quote = text[slice(*place)]
    thread.prefix, thread.suffix = quotations.around(text, *place)


def _add_comment(thread: Thread, author: Membership, body: str) -> Comment:
    comment = Comment(
        thread_id=thread.id, author_id=author.id, body=body, at=clock.now()
    )
    db.session.add(comment)
    db.session.flush()
    return comment


def _note(act: Act, subject_id: int, thread: Thread, by: Membership) -> None:
    """Record an act on a thread whose section is locked, and give the thread its next number."""
    # The section is locked until the commit, so no page can see this number before a lower one.
    microseconds = (clock.now() - EPOCH) // timedelta(microseconds=1)
    newest = queries.newest_change(thread.section_id)
    thread.changed = max(newest + 1, microseconds)
    acts.note(
        act,
        subject_id,
        by=by.user_id,
        cohort_id=by.cohort_id,
        stream_id=thread.section.stream_id,
        circle=thread.circle,
    )
