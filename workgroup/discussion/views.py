"""The discussion of a section: a fragment beside the text, a page without script."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workgroup.cohorts import attribution
from workgroup.cohorts import queries as cohorts
from workgroup.cohorts.access import allow
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Permission
from workgroup.database import db, writing
from workgroup.discussion import queries, rail, services
from workgroup.discussion.forms import CommentForm, ThreadForm
from workgroup.discussion.models import Thread
from workgroup.drafting import queries as drafting
from workgroup.drafting.models import Section
from workgroup.sending.request import do_once
from workgroup.web import or_404, refusals_shown_in, wants_part

LATEST = 2**62  # no number of a change is higher

bp = Blueprint("discussion", __name__)


@bp.get("/c/<slug>/sections/<int:section_id>/threads")
@allow(Permission.READ)
def threads(member: Membership, section_id: int) -> ResponseReturnValue:
    """Show a section's threads: a list of them, or those that have changed."""
    section = or_404(drafting.find_section(member.cohort_id, section_id))
    after = request.args.get("after", type=int)
    if wants_part() and after is not None:
        return rail.changes(member, section, max(0, min(after, LATEST)))
    before = request.args.get("before")
    first = or_404(queries.find_thread(member, before)) if before else None
    return rail.page(member, section, resolved="resolved" in request.args, before=first)


@bp.get("/c/<slug>/threads/<thread_id>")
@allow(Permission.READ)
def thread(member: Membership, thread_id: str) -> ResponseReturnValue:
    """Show one thread with its latest comments, or with those before some position."""
    found = or_404(queries.find_thread(member, thread_id))
    section = or_404(drafting.find_section(member.cohort_id, found.section_id))
    before = request.args.get("before", type=int)
    return rail.one(member, section, found, before=before)


@bp.post("/c/<slug>/sections/<int:section_id>/threads")
@allow(Permission.COMMENT)
def open_thread(member: Membership, section_id: int) -> ResponseReturnValue:
    """Start a thread; the editor gets its id, and whether to set a mark with it in the text."""
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
        return {"thread": thread.public_id, "marked": thread.marked}, 201
    answer = rail.begun if wants_part() else _answer
    return answer(member, section, thread)


@bp.post("/c/<slug>/threads/<thread_id>/reply")
@allow(Permission.COMMENT)
def reply(member: Membership, thread_id: str) -> ResponseReturnValue:
    """Add a comment to a thread."""
    thread = or_404(queries.find_thread(member, thread_id))
    section = or_404(drafting.find_section(member.cohort_id, thread.section_id))
    form = CommentForm()
    if not form.validate_on_submit():
        return rail.one(member, section, thread, refused=form, status=422)
    with refusals_shown_in(form) as refused:
        do_once(lambda: services.reply(thread, member, form.body.data))
    if refused:
        return rail.one(member, section, thread, refused=form, status=409)
    db.session.commit()
    return _answer(member, section, thread, fresh=True)


@bp.post("/c/<slug>/threads/<thread_id>/resolve")
@allow(Permission.COMMENT)
def resolve(member: Membership, thread_id: str) -> ResponseReturnValue:
    """Resolve a thread."""
    thread = or_404(queries.find_thread(member, thread_id))
    section = or_404(drafting.find_section(member.cohort_id, thread.section_id))
    with writing():
        services.resolve(thread, member)
        db.session.commit()
    return _answer(member, section, thread)


@bp.post("/c/<slug>/threads/<thread_id>/reopen")
@allow(Permission.COMMENT)
def reopen(member: Membership, thread_id: str) -> ResponseReturnValue:
    """Reopen a resolved thread."""
    thread = or_404(queries.find_thread(member, thread_id))
    section = or_404(drafting.find_section(member.cohort_id, thread.section_id))
    with writing():
        services.reopen(thread, member)
        db.session.commit()
    return _answer(member, section, thread)


def _asked_by_the_editor() -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _answer(
    member: Membership, section: Section, thread: Thread, *, fresh: bool = False
) -> ResponseReturnValue:
    """Show the thread again: directly beside the text, or on its own page by a redirect."""
    if wants_part():
        return rail.one(member, section, thread, fresh=fresh)
    there = url_for(
        ".thread",
        slug=member.cohort.slug,
        thread_id=thread.public_id,
        _anchor=f"thread-{thread.public_id}",
    )
    return redirect(there, code=303)


def _refused(
    member: Membership, section: Section, form: ThreadForm, status: int
) -> ResponseReturnValue:
    if _asked_by_the_editor():
        problems = [*form.form_errors, *(e for of in form.errors.values() for e in of)]
        names = attribution.written(cohorts.modes_seen(member.cohort.modes))
        return {"error": str(problems[0]), "names": names}, status
    if wants_part():
        return rail.begun(member, section, None, form), status
    return rail.page(member, section, form=form, status=status)
