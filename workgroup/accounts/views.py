"""The page of one's own profile; sign-in and passwords are Flask-Security's pages."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workgroup.accounts import queries, services
from workgroup.accounts.forms import ProfileForm
from workgroup.accounts.models import NameOrder
from workgroup.database import db
from workgroup.web import or_404, refusals_shown_in, signed_in

bp = Blueprint("accounts", __name__, url_prefix="/account")


@bp.route("/profile", methods=["GET", "POST"])
@signed_in
def profile() -> ResponseReturnValue:
    """Show and change what is known about the person who is signed in."""
    person = or_404(queries.find_person(current_user.id))
    form = ProfileForm(obj=person, shared=person)
    if form.validate_on_submit():
        with refusals_shown_in(form) as refused:
            queries.lock_person(person)
            form.refuse_changed(person)
            services.save_profile(person, **_fields(form))
        if not refused:
            db.session.commit()
            flash(_("Your profile is saved."), "ok")
            return redirect(url_for("accounts.profile"))
    status = 409 if form.form_errors else 422 if form.errors else 200
    return render_template("accounts/profile.html", form=form), status


def _fields(form: ProfileForm) -> dict[str, Any]:
    names = (
        "printed_name",
        "native_name",
        "native_language",
        "affiliation",
        "sector",
        "time_zone",
    )
    fields = {name: form[name].data for name in names}
    return {**fields, "name_order": NameOrder(form.name_order.data)}


# Pages of Flask-Security that write, a mail or a revision, and do not commit.
UNCOMMITTED = {"security.forgot_password", "security.logout"}


@bp.after_app_request
def keep_what_was_written(response: Response) -> Response:
    """Commit what Flask-Security's own pages left open."""
    if request.endpoint in UNCOMMITTED and request.method == "POST":
        db.session.commit()
    return response
