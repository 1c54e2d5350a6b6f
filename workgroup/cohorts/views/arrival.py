"""The page that an invitation's link opens. Only its button accepts: mail scanners open links too."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import hash_password, login_user

from workgroup import clock
from workgroup.accounts import queries as accounts
from workgroup.accounts.models import User
from workgroup.cohorts import invitations as inviting
from workgroup.cohorts import labels, queries
from workgroup.cohorts.forms import ArrivalForm
from workgroup.cohorts.models import Invitation
from workgroup.cohorts.navigation import home_of
from workgroup.cohorts.views.blueprint import bp
from workgroup.database import db
from workgroup.error_pages import error_page
from workgroup.i18n import reader_language
from workgroup.sending.returning import flash_too_old
from workgroup.web import public, refusals_shown_in


@bp.get("/invitations/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """Show who invites to what; changes nothing, so that a mail scanner cannot use the link up."""
    offered = find_open(token)
    if offered is None:
        return spent(token)
    return _page(offered, ArrivalForm(), 200)


@bp.post("/invitations/<token>")
@public
def accept(token: str) -> ResponseReturnValue:
    """Accept as the person who is signed in, or as a newcomer with a new account."""
    offered = find_open(token)
    if offered is None:
        return spent(token)
    form = ArrivalForm()
    newcomer = not current_user.is_authenticated
    if newcomer and not form.validate_on_submit():
        return _page(offered, form, 422)
    # Before the block that writes, because hashing is slow.
    password_hash = hash_password(form.password.data) if newcomer else ""
    with refusals_shown_in(form) as refused:
        person = _arrive(offered, form, password_hash) if newcomer else _join(offered)
    if refused:
        return _page(offered, form, 409)
    if newcomer:
        login_user(person)
    db.session.commit()
    flash(_("Welcome to %(cohort)s.", cohort=offered.cohort.name))
    return redirect(home_of(offered.cohort.slug), code=303)


def show_again(token: str) -> ResponseReturnValue:
    """Show a page that was open for longer than a session lasts, with the name; accepts nothing."""
    offered = find_open(token)
    if offered is None:
        return spent(token)
    flash_too_old()
    return _page(offered, ArrivalForm(), 400)


def find_open(token: str) -> Invitation | None:
    """Return the invitation of a token while it can be accepted."""
    found = queries.invitation_of(inviting.digest(token))
    return found if found is not None and found.is_open(clock.now()) else None


def spent(token: str) -> ResponseReturnValue:
    """Answer the same for every link that does not work; a member goes on to the cohort."""
    found = queries.invitation_of(inviting.digest(token))
    if found and current_user.is_authenticated:
        inside = queries.find_membership(found.cohort.slug, current_user.id)
        if inside is not None and current_user.email == found.email:
            return redirect(home_of(found.cohort.slug))
    return error_page(
        410,
        _("This invitation is no longer valid"),
        _(
            "It has been used, replaced or withdrawn, or it is more than seven days old. If you have already accepted it, sign in. Otherwise, ask the organizer for a new one."
        ),
    )


def _arrive(offered: Invitation, form: ArrivalForm, password_hash: str) -> User:
    return inviting.accept_as_newcomer(
        offered,
        form.printed_name.data,
        password_hash,
        zone=form.time_zone.data,
        language=reader_language(),
    )


def _join(offered: Invitation) -> User:
    person: User = current_user._get_current_object()  # noqa: SLF001 - Flask's documented way to the person that the proxy stands for
    inviting.accept(offered, person)
    return person


def _page(offered: Invitation, form: ArrivalForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "cohorts/invitation.html",
        invitation=offered,
        form=form,
        has_account=accounts.find_user(offered.email) is not None,
        roles=labels.ROLES,
    )
    return page, status
