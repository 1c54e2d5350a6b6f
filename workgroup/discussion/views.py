"""The discussion of a section: a fragment beside the text, a page without script."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workgroup.cohorts.access import allow
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission
from workgroup.database import db, writing
from workgroup.discussion import queries, services
from workgroup.discussion.forms import CommentForm, ThreadForm
from workgroup.discussion.models import Thread
from workgroup.discussion.rail import asked_by_htmx, rail
from workgroup.drafting import queries as drafting
from workgroup.drafting.models import Section
from workgroup.sending.request import do_once
from workgroup.web import or_404, refusals_shown_in

bp = Blueprint("discussion", __name__)


@bp.get("/c/<slug>/sections/<int:section_id>/threads")
@allow(Permission.READ)
def threads(member: Membership, section_id: int) -> ResponseReturnValue:
    """Show what is said about a section."""
    section = or_404(drafting.find_section(member.cohort_id, section_id))
    return rail(member, section)


@bp.post("/c/<slug>/sections/<int:section_id>/threads")
@allow(Permission.COMMENT)
def open_thread(member: Membership, section_id: int) -> ResponseReturnValue:
    """Begin a thread; the editor is told its id, which becomes the mark."""
    section = or_404(drafting.find_section(member.cohort_id, section_id))
    form = ThreadForm()
    if not form.validate_on_submit():
        return _refused(member, section, form, 422)
    with refusals_shown_in(form) as refused:
        thread_id = do_once(
            lambda: services.open_thread(
                section, member, form.body.data, form.quotation
            )
        )
    if refused:
        return _refused(member, section, form, 409)
    db.session.commit()
    thread = or_404(queries.find_own_thread(member, thread_id))
    if _asked_by_the_editor():
        return {"thread": thread.public_id}, 201
    return _answer(member, section, thread, fresh="new-thread")


@bp.post("/c/<slug>/threads/<thread_id>/reply")
@allow(Permission.COMMENT)
def reply(member: Membership, thread_id: str) -> ResponseReturnValue:
    """Add a comment to a thread."""
    thread = or_404(queries.find_thread(member, thread_id))
    section = or_404(drafting.find_section(member.cohort_id, thread.section_id))
    form = CommentForm()
    if not form.validate_on_submit():
        return rail(member, section, replying=(thread.public_id, form), status=422)
    with refusals_shown_in(form) as refused:
        do_once(lambda: services.reply(thread, member, form.body.data))
    if refused:
        return rail(member, section, replying=(thread.public_id, form), status=409)
    db.session.commit()
    return _answer(member, section, thread, fresh=f"reply-{thread.public_id}")


@bp.post("/c/<slug>/threads/<thread_id>/resolve")
@allow(Permission.COMMENT)
def resolve(member: Membership, thread_id: str) -> ResponseReturnValue:
    """Settle a thread."""
    thread = or_404(queries.find_thread(member, thread_id))
    section = or_404(drafting.find_section(member.cohort_id, thread.section_id))
    with writing():
        services.resolve(thread, member)
        db.session.commit()
    return _answer(member, section, thread)


@bp.post("/c/<slug>/threads/<thread_id>/reopen")
@allow(Permission.COMMENT)
def reopen(member: Membership, thread_id: str) -> ResponseReturnValue:
    """Take a settled thread up again."""
    thread = or_404(queries.find_thread(member, thread_id))
    section = or_404(drafting.find_section(member.cohort_id, thread.section_id))
    with writing():
        services.reopen(thread, member)
        db.session.commit()
    return _answer(member, section, thread)


def _asked_by_the_editor() -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _answer(
    member: Membership, section: Section, thread: Thread, *, fresh: str = ""
) -> ResponseReturnValue:
    """Show the threads again: beside the text at once, as a page by a redirect."""
    if asked_by_htmx():
        return rail(member, section, fresh=fresh)
    there = url_for(
        ".threads",
        slug=member.cohort.slug,
        section_id=section.id,
        _anchor=f"thread-{thread.public_id}",
    )
    return redirect(there, code=303)


def _refused(
    member: Membership, section: Section, form: ThreadForm, status: int
) -> ResponseReturnValue:
    if _asked_by_the_editor():
        problems = [*form.form_errors, *(e for of in form.errors.values() for e in of)]
        return {"error": str(problems[0])}, status
    return rail(member, section, form=form, status=status)
