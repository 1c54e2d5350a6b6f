"""Writing the threads of a section: a fragment beside the text, or a page of their own."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission
from workgroup.discussion import anchors, policies, queries
from workgroup.discussion.forms import CommentForm, ThreadForm
from workgroup.drafting.models import Section


def asked_by_htmx() -> bool:
    """Say whether a part of a page is wanted rather than a page."""
    return request.headers.get("HX-Request") == "true"


def rail(
    member: Membership,
    section: Section,
    *,
    form: ThreadForm | None = None,
    replying: tuple[str, CommentForm] | None = None,
    fresh: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """Render the threads as a fragment or as a page of their own.

    Args:
        member: who reads.
        section: what is discussed.
        form: a refused first comment, shown again with its words.
        replying: a refused reply with its thread's id, likewise.
        fresh: the form whose words just arrived; it begins empty, the others keep theirs.
        status: of the answer.
    """
    beside = asked_by_htmx()
    look = not (beside and member.may(Permission.EDIT))
    name = "discussion/rail.html" if beside else "discussion/threads.html"
    around = context(member, section, look=look, form=form, replying=replying)
    page = render_template(name, member=member, section=section, fresh=fresh, **around)
    return page, status


def context(
    member: Membership,
    section: Section,
    *,
    look: bool,
    form: ThreadForm | None = None,
    replying: tuple[str, CommentForm] | None = None,
) -> dict[str, Any]:
    """Return what ``discussion/rail.html`` shows, for a page that includes it too.

    Args:
        member: who reads.
        section: what is discussed.
        look: tell from the text whose words are gone; an editor on the page does so itself.
        form: a refused first comment.
        replying: a refused reply with its thread's id.
    """
    return {
        "cards": anchors.cards(section, queries.threads(member, section.id), look=look),
        "may_comment": policies.can_comment(member),
        "form": form or ThreadForm(formdata=None),
        "replying": dict([replying] if replying else []),
        "reply_form": CommentForm(formdata=None),
    }
