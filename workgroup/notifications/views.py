"""The list of notices, the count in the bar of every page, and what one wants by mail."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from workgroup import clock
from workgroup.cohorts.access import allow
from workgroup.cohorts.models import Membership
from workgroup.cohorts.navigation import site
from workgroup.cohorts.roles import Permission
from workgroup.database import db, writing
from workgroup.extensions import csrf
from workgroup.notifications import mailing, queries, services, waiting
from workgroup.notifications.catalogue import RULES
from workgroup.notifications.forms import MailForm, field_name, filled_name
from workgroup.notifications.kinds import NoticeKind
from workgroup.notifications.labels import KINDS
from workgroup.notifications.lines import line
from workgroup.notifications.queries import Bell, Here
from workgroup.web import or_404, public, signed_in

bp = Blueprint("notifications", __name__)

PAGE = 30  # notices on one page of the list

# The pages that notices lead to, besides a section's; their addresses say what they show.
SHOWING = {"deciding.show", "discussion.threads"}
PEOPLE = "cohorts.people"


@bp.get("/notices")
@signed_in
def index() -> ResponseReturnValue:
    """Show the reader's notices from all cohorts, the newest first."""
    before = queries.number(request.args.get("before"))
    found = queries.notices(current_user.id, PAGE + 1, before)
    if before is None:
        up_to = found[0].notice.id if found else 0
    else:
        up_to = queries.newest_number(current_user.id)
    return render_template(
        "notifications/index.html",
        up_to=up_to,
        lines=[line(shown) for shown in found[:PAGE]],
        older=found[PAGE - 1].notice.id if len(found) > PAGE else None,
        newest=before is None,
        cohorts=len({shown.cohort.slug for shown in found}),
    )


@bp.get("/notices/count")
@signed_in
def count() -> ResponseReturnValue:
    """Count again for an open page; 204 if it already shows the right number."""
    bell = queries.bell(current_user.id, Here())
    if str(bell.unread) == request.args.get("shown"):
        return "", 204
    return render_template("notifications/bell.html", bell=bell)


@bp.post("/notices/seen")
@signed_in
def seen() -> ResponseReturnValue:
    """Mark as read what the page that was just opened shows."""
    with writing():
        services.read_page(current_user.id, Here.read(request.form))
        db.session.commit()
    bell = queries.bell(current_user.id, Here())
    return render_template("notifications/bell.html", bell=bell)


@bp.post("/notices/<int:notice_id>/read")
@signed_in
def read(notice_id: int) -> ResponseReturnValue:
    """Mark one notice as read."""
    shown = or_404(queries.find_notice(current_user.id, notice_id))
    with writing():
        services.read_one(shown.notice)
        db.session.commit()
    return redirect(url_for(".index"), code=303)


@bp.post("/notices/read")
@signed_in
def read_all() -> ResponseReturnValue:
    """Mark all notices as read that there were when the page was shown."""
    up_to = queries.number(request.form.get("up_to")) or 0
    with writing():
        services.read_all(current_user.id, up_to)
        db.session.commit()
    flash(_("The notices are marked as read."))
    return redirect(url_for(".index"), code=303)


@bp.post("/account/mail")
@signed_in
def choose_mail() -> ResponseReturnValue:
    """Save how each kind of notice is to be mailed."""
    form = MailForm()
    if not form.validate_on_submit():
        return render_template("notifications/mail.html", form=form), 422
    with writing():
        services.choose(current_user.id, form.chosen)
        db.session.commit()
    flash(_("Your e-mail settings are saved."), "ok")
    return redirect(url_for("accounts.profile", _anchor="mail"), code=303)


@bp.post("/c/<slug>/people/mail")
@allow(Permission.ORGANIZE)
def mail_again(member: Membership) -> ResponseReturnValue:
    """Try to deliver the e-mail about notices that was given up, as far as it is still true."""
    with writing():
        number = mailing.try_again(member.cohort_id)
        db.session.commit()
    flash(
        ngettext(
            "One e-mail is being sent again.",
            "%(num)s e-mails are being sent again.",
            number,
        )
    )
    return redirect(url_for(PEOPLE, slug=member.cohort.slug), code=303)


@bp.get("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """Show the page of a mail's unsubscribe link, with a button; opening it changes nothing."""
    found = or_404(queries.find_token(mailing.digest(token)))
    return _unsubscribe_page(found.kind, done=False)


# Mail providers send this without a session; the token proves the right to do it.
@bp.post("/unsubscribe/<token>")
@csrf.exempt
@public
def stop_mail(token: str) -> ResponseReturnValue:
    """Unsubscribe, from the page or by a mail program's one-click request."""
    found = or_404(queries.find_token(mailing.digest(token)))
    kind = found.kind
    with writing():
        mailing.stop(found)
        db.session.commit()
    return _unsubscribe_page(kind, done=True)


def _unsubscribe_page(kind: NoticeKind | None, *, done: bool) -> str:
    return render_template(
        "notifications/unsubscribe.html", kind=KINDS[kind] if kind else None, done=done
    )


@bp.app_context_processor
def offered() -> dict[str, Any]:
    """Pass to every template the bell, the form of mail, and which mails were given up.

    Each asks when it is shown.
    """
    return {
        "notice_bell": notice_bell,
        "mail_form": mail_form,
        "mails_given_up": mails_given_up,
    }


def mails_given_up(cohort_id: int) -> waiting.GivenUp:
    """Count the mails about notices that could not be delivered, for an organizer (one query)."""
    return waiting.given_up(cohort_id, clock.now())


def notice_bell() -> Bell:
    """Count for the bar, and for what the page at hand shows (one query)."""
    given = dict(request.view_args or {})
    if request.endpoint == PEOPLE:
        given = {"people": given.get("slug")}
    elif request.endpoint in {*SHOWING, site().workspace}:
        given["thread"] = request.args.get("thread")
    else:
        given = {}
    return queries.bell(current_user.id, Here.read(given))


def mail_form() -> MailForm:
    """Return the form of what the reader has chosen (one query)."""
    usual = {kind: rule.delivery for kind, rule in RULES.items()}
    wanted = usual | queries.chosen_deliveries(current_user.id)
    names = (field_name, filled_name)
    data = {name(kind): how for kind, how in wanted.items() for name in names}
    return MailForm(formdata=None, data=data)
