"""Rendering the threads of a section: their own page, the part beside the text, or one card.

An open page fetches only what has changed. Each answer is a few cards, which
``static/discussion.js`` puts in place.
"""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission
from workgroup.discussion import anchors, policies, queries
from workgroup.discussion.forms import CommentForm, ThreadForm
from workgroup.discussion.models import Thread
from workgroup.drafting.models import Section
from workgroup.web import wants_part

NOTHING_NEW = "", 204
PREFIX = 6  # characters of a public id by which an editor knows which marks are open


def page(
    member: Membership,
    section: Section,
    *,
    resolved: bool = False,
    before: Thread | None = None,
    status: int = 200,
    form: ThreadForm | None = None,
) -> ResponseReturnValue:
    """Render a page of threads, or only the part that a link on it fetches."""
    around = context(
        member, section, look=True, resolved=resolved, before=before, form=form
    )
    name = "discussion/list.html" if wants_part() else "discussion/threads.html"
    return render_template(name, member=member, section=section, **around), status


def context(
    member: Membership,
    section: Section,
    *,
    look: bool,
    resolved: bool = False,
    before: Thread | None = None,
    form: ThreadForm | None = None,
) -> dict[str, Any]:
    """Return what ``discussion/rail.html`` shows, for a page that includes it too.

    Args:
        member: who reads.
        section: what is discussed.
        look: find in the text whose words are gone; an editor on the page does so itself.
        resolved: the resolved threads instead of the open ones.
        before: only threads begun before this one.
        form: a refused first comment, shown again with its words.
    """
    counts = queries.count_threads(member, section.id)
    threads = queries.threads(
        member, section.id, resolved=resolved, before=before, limit=queries.AT_ONCE + 1
    )
    has_earlier = len(threads) > queries.AT_ONCE
    threads = threads[-queries.AT_ONCE :]
    return {
        "cards": anchors.cards(section, threads, look=look),
        "counts": counts,
        "has_earlier": has_earlier,
        "resolved": resolved,
        "elsewhere": _elsewhere(member, section, threads)
        if has_earlier and not look
        else [],
        "form": form or ThreadForm(formdata=None),
        **_around(member),
    }


def changes(member: Membership, section: Section, after: int) -> ResponseReturnValue:
    """Render the cards that changed after a number; if too many did, a fresh first list."""
    threads = queries.changed_threads(
        member, section.id, after, limit=queries.AT_ONCE + 1
    )
    if not threads:
        return NOTHING_NEW
    if len(threads) > queries.AT_ONCE:
        look = not member.may(Permission.EDIT)
        around = context(member, section, look=look)
        return render_template(
            "discussion/rail.html", member=member, section=section, **around
        )
    return _cards(member, section, threads, is_everything=True)


def one(
    member: Membership,
    section: Section,
    thread: Thread,
    *,
    before: int | None = None,
    refused: CommentForm | None = None,
    fresh: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    """Render one thread: its card, some earlier comments, or its own page.

    Args:
        member: who reads.
        section: what is discussed.
        thread: one that they see.
        before: comments that stand before this position.
        refused: a refused reply, shown again with its words.
        fresh: a reply was just added, so the form starts empty.
        status: of the answer.
    """
    if wants_part() and before is None:
        answer = _cards(member, section, [thread], refused=refused, fresh=fresh)
        return answer, status
    talk = queries.talk_before(thread, before)
    [card] = anchors.cards(section, [thread], look=False, talks={thread.id: talk})
    name = "earlier.html" if wants_part() else "thread.html"
    written = render_template(
        f"discussion/{name}",
        member=member,
        section=section,
        card=card,
        refused=refused,
        **_around(member),
    )
    return written, status


def begun(
    member: Membership,
    section: Section,
    thread: Thread | None,
    form: ThreadForm | None = None,
) -> str:
    """Render a new thread's card with an empty form for the next one, or only the refused form."""
    threads = [thread] if thread else []
    return _cards(member, section, threads, form=form or ThreadForm(formdata=None))


def _cards(
    member: Membership,
    section: Section,
    threads: Sequence[Thread],
    *,
    is_everything: bool = False,
    refused: CommentForm | None = None,
    fresh: bool = False,
    form: ThreadForm | None = None,
) -> str:
    look = not member.may(Permission.EDIT)
    return render_template(
        "discussion/changes.html",
        member=member,
        section=section,
        cards=anchors.cards(section, threads, look=look),
        counts=queries.count_threads(member, section.id),
        is_everything=is_everything,
        refused=refused,
        fresh=fresh,
        form=form,
        **_around(member),
    )


def _around(member: Membership) -> dict[str, Any]:
    return {
        "may_comment": policies.can_comment(member),
        "reply_form": CommentForm(formdata=None),
    }


def _elsewhere(
    member: Membership, section: Section, threads: Sequence[Thread]
) -> list[str]:
    """Return the first characters of the ids of open threads on words whose cards are not shown."""
    shown = {one.public_id for one in threads}
    ids = queries.open_ids(member, section.id)
    return [one[:PREFIX] for one in ids if one not in shown]
