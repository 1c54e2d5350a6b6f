"""Who is in the cohort; the organizer invites, changes and removes."""

from functools import partial
from typing import Any

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workgroup import clock
from workgroup.accounts.labels import SECTORS
from workgroup.cohorts import invitations as inviting
from workgroup.cohorts import labels, mails, queries, services
from workgroup.cohorts.access import Frame, allow
from workgroup.cohorts.attribution import Shown, Surface
from workgroup.cohorts.forms import AssignmentForm, InviteForm
from workgroup.cohorts.models import Invitation, Membership
from workgroup.cohorts.navigation import site
from workgroup.cohorts.roles import Permission, Role
from workgroup.cohorts.views.blueprint import bp
from workgroup.database import db, writing
from workgroup.sending.request import do_once, press_once
from workgroup.web import or_404, refusals_shown_in

LINK = "invitation_link"  # in the session: whose, for which address, until shown once


@bp.get("/c/<slug>/people")
@allow(Permission.READ)
def people(member: Membership) -> ResponseReturnValue:
    """Show everybody by delegation, and to the organizer also whose invitation is open."""
    organizes = member.may(Permission.ORGANIZE)
    awaited = queries.open_invitations(member.cohort_id) if organizes else []
    page = request.args.get("page", 1, type=int)
    return render_template(
        "cohorts/people.html",
        member=member,
        people=queries.page_of_people(member.cohort_id, page),
        counted=queries.count_people(member.cohort_id),
        delegations=queries.delegations(member.cohort_id),
        invitations=awaited,
        troubles=mails.troubles(awaited),
        new_link=_link_kept_for(member) if organizes else None,
        organizes=organizes,
        now=clock.now(),
        **_words(),
    )


@bp.route("/c/<slug>/people/invite", methods=["GET", "POST"])
@allow(Permission.ORGANIZE)
def invite(member: Membership) -> ResponseReturnValue:
    """Offer an assignment to an address."""
    form = InviteForm()
    offer_parts(form, member)
    if not form.validate_on_submit():
        return _assignment_page(member, form, 422 if form.errors else 200)
    with refusals_shown_in(form) as refused:
        made = do_once(
            lambda: hand_over(
                member, inviting.invite(member, form.email.data, form.assignment)
            ),
            stands=lambda made: _is_open(member, made),
        )
        keep_link(member, or_404(queries.find_invitation(member.cohort_id, made)))
    if refused:
        return _assignment_page(member, form, 409)
    db.session.commit()
    return _to_people(
        member, _("The invitation for %(email)s is ready.", email=form.email.data)
    )


@bp.post("/c/<slug>/invitations/<int:invitation_id>/again")
@allow(Permission.ORGANIZE)
def invite_again(member: Membership, invitation_id: int) -> ResponseReturnValue:
    """Send an invitation again, with a new link; the old one no longer works.

    If that was done already, the answer is the same as then.
    """
    old = or_404(queries.find_invitation(member.cohort_id, invitation_id))
    with writing():
        done = inviting.replacement_of(old)
        new = done or hand_over(member, inviting.send_again(member, old))
        keep_link(member, new)
        db.session.commit()
    return _to_people(
        member, _("A new invitation for %(email)s is ready.", email=old.email)
    )


@bp.post("/c/<slug>/invitations/<int:invitation_id>/mail")
@allow(Permission.ORGANIZE)
def try_mail_again(member: Membership, invitation_id: int) -> ResponseReturnValue:
    """Try to deliver an invitation's mail for another day."""
    invitation = or_404(queries.find_invitation(member.cohort_id, invitation_id))
    with writing():
        mails.try_again(invitation)
        db.session.commit()
    return _to_people(
        member,
        _("The e-mail to %(email)s is being sent again.", email=invitation.email),
    )


@bp.post("/c/<slug>/invitations/<int:invitation_id>/withdraw")
@allow(Permission.ORGANIZE)
def withdraw_invitation(member: Membership, invitation_id: int) -> ResponseReturnValue:
    """Withdraw an invitation."""
    invitation = or_404(queries.find_invitation(member.cohort_id, invitation_id))
    with writing():
        inviting.withdraw(member, invitation)
        db.session.commit()
    return _to_people(
        member, _("The invitation to %(email)s was withdrawn.", email=invitation.email)
    )


@bp.route("/c/<slug>/people/<int:membership_id>", methods=["GET", "POST"])
@allow(Permission.ORGANIZE)
def person(member: Membership, membership_id: int) -> ResponseReturnValue:
    """Change somebody's roles, delegation and subgroup."""
    someone = or_404(queries.find_person(member.cohort_id, membership_id))
    form = _assignment_of(someone)
    offer_parts(form, member)
    if not form.validate_on_submit():
        return _assignment_page(member, form, 422 if form.errors else 200, someone)
    with refusals_shown_in(form) as refused:
        queries.lock(someone, "roles", "delegation_id", "subgroup_id")
        form.refuse_changed(someone)
        services.move(member, someone, form.assignment)
    if refused:
        return _assignment_page(member, form, 409, someone)
    db.session.commit()
    return _to_people(
        member,
        _("The roles and delegation of %(name)s are saved.", name=called(someone)),
    )


@bp.post("/c/<slug>/people/<int:membership_id>/remove")
@allow(Permission.ORGANIZE)
def remove(member: Membership, membership_id: int) -> ResponseReturnValue:
    """End somebody's membership."""
    find = partial(queries.find_person, member.cohort_id, membership_id)
    someone = or_404(find(or_left=True))
    with writing():
        press_once(
            lambda: services.remove(member, or_404(find())),
            stands=lambda: find() is None,
        )
        db.session.commit()
    flash(_("%(name)s is no longer in the cohort.", name=called(someone)))
    target = ".people" if someone.id != member.id else site().start
    return redirect(url_for(target, slug=member.cohort.slug), code=303)


def called(someone: Membership) -> Shown:
    """Return the name of a member of the cohort, as the list of people shows it."""
    around: Frame = g.frame
    return around.naming.shown(someone, Surface.PEOPLE)


def offer_parts(form: AssignmentForm, member: Membership) -> None:
    """Fill a form's lists with the cohort's delegations and subgroups (two queries)."""
    cohort_id = member.cohort_id
    form.offer(queries.delegations(cohort_id), queries.subgroups(cohort_id))


def hand_over(member: Membership, invitation: Invitation) -> Invitation:
    """Mail the link of an invitation."""
    mails.send_invitation(invitation, member, _link(invitation))
    return invitation


def keep_link(member: Membership, invitation: Invitation) -> None:
    """Keep the link of an invitation, to show it once to the organizer who asked for it.

    One that was made before the server computed tokens has a link that only its mail knows.
    """
    if inviting.digest(inviting.token_of(invitation)) == invitation.token_hash:
        session[LINK] = {
            "member": member.id,
            "email": invitation.email,
            "link": _link(invitation),
        }


def _link_kept_for(member: Membership) -> dict[str, Any] | None:
    # The page that should have shown it may never have come, and the next one may belong to
    # another cohort, or to another person at the same browser.
    kept: dict[str, Any] = session.get(LINK) or {}
    return session.pop(LINK) if kept.get("member") == member.id else None


def _link(invitation: Invitation) -> str:
    token = inviting.token_of(invitation)
    return url_for(".invitation", token=token, _external=True)


def _words() -> dict[str, Any]:
    """Return what roles, sectors and ways of naming are called."""
    return {
        "roles": labels.ROLES,
        "grants": {role: labels.grants_in_words(role) for role in Role},
        "sectors": SECTORS,
        "surfaces": labels.SURFACES,
        "mode_labels": labels.MODES,
    }


def _assignment_of(someone: Membership) -> AssignmentForm:
    data = {
        "roles": list(someone.roles),
        "delegation": someone.delegation_id,
        "subgroup": someone.subgroup_id,
    }
    return AssignmentForm(data=data, shared=someone)


def _is_open(member: Membership, invitation_id: int) -> bool:
    found = queries.find_invitation(member.cohort_id, invitation_id)
    return found is not None and found.is_open(clock.now())


def _to_people(member: Membership, done: str) -> ResponseReturnValue:
    """Go to the people, with a sentence about what was done."""
    flash(done)
    return redirect(url_for(".people", slug=member.cohort.slug), code=303)


def _assignment_page(
    member: Membership,
    form: AssignmentForm,
    status: int,
    someone: Membership | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "cohorts/assignment.html",
        member=member,
        form=form,
        person=someone,
        grants={role: labels.grants_in_words(role) for role in Role},
    )
    return page, status
