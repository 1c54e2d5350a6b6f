"""The page of one's own profile; sign-in and passwords are Flask-Security's pages."""

from functools import wraps
from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from workgroup.accounts import queries, services
from workgroup.accounts.forms import ProfileForm, WelcomeForm
from workgroup.accounts.models import NameOrder
from workgroup.addresses import is_path
from workgroup.database import db, writing
from workgroup.web import (
    View,
    or_404,
    policy_of,
    public,
    refusals_shown_in,
    signed_in,
    wants_part,
)

ASKED = "asked_for_a_name"  # in the session: that this person was asked
UNASKED = {"accounts.welcome"}
COMMITTED = {
    "security.login",
    "security.logout",
    "security.forgot_password",
    "security.reset_password",
    "security.change_password",
    "security.verify",
}

bp = Blueprint("accounts", __name__, url_prefix="/account")


@bp.route("/profile", methods=["GET", "POST"])
@signed_in
def profile() -> ResponseReturnValue:
    """Show and change the profile of the person who is signed in."""
    person = or_404(queries.find_person(current_user.id))
    form = ProfileForm(obj=person, shared=person)
    if form.validate_on_submit():
        with refusals_shown_in(form) as refused:
            queries.lock_person(person)
            form.refuse_changed(person)
            services.save_profile(person, **_fields(form), cohorts_of=_cohorts_of())
        if not refused:
            db.session.commit()
            flash(_("Your profile is saved."), "ok")
            return redirect(url_for("accounts.profile"))
    status = 409 if form.form_errors else 422 if form.errors else 200
    return render_template("accounts/profile.html", form=form), status


@bp.route("/welcome", methods=["GET", "POST"])
@signed_in
def welcome() -> ResponseReturnValue:
    """Ask a person without a name for it, and for the time zone."""
    person = or_404(queries.find_person(current_user.id))
    onwards = _onwards(request.args.get("next", ""))
    session[ASKED] = person.id
    form = WelcomeForm(obj=person)
    if not form.validate_on_submit():
        page = render_template("accounts/welcome.html", form=form, onwards=onwards)
        return page, 422 if form.errors else 200
    with writing():
        services.save_name_and_zone(
            person, form.printed_name.data, form.time_zone.data, _cohorts_of()
        )
        db.session.commit()
    return redirect(onwards, code=303)


@bp.get("/who")
@public
def who() -> ResponseReturnValue:
    """Return who is signed in, with the token for an open page's forms; 204 for nobody.

    Pages poll this while their text is not live, so it costs one query and a few hundred bytes.
    """
    if not current_user.is_authenticated:
        return "", 204
    return {"person": str(current_user.id), "token": generate_csrf()}


@bp.before_app_request
def ask_for_a_name() -> ResponseReturnValue | None:
    """Redirect a person without a name to the page that asks for it, once for each sign-in."""
    if request.method != "GET" or wants_part():
        return None
    policy = policy_of(request.endpoint)
    if policy in {None, "public"} or request.endpoint in UNASKED:
        return None
    if not current_user.is_authenticated or current_user.has_name:
        return None
    if session.get(ASKED) == current_user.id:
        return None  # from now on a line on every page reminds them
    return redirect(url_for("accounts.welcome", next=request.full_path.rstrip("?")))


def _onwards(path: str) -> str:
    """Return the page that somebody wanted to open, if it is on this site."""
    return path if is_path(path) else "/"


def _cohorts_of() -> services.CohortsOf:
    """Return the function that ``app.py`` provides: accounts themselves know no cohorts."""
    found: services.CohortsOf = current_app.extensions["cohorts_of"]
    return found


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


@bp.record_once
def commit_in_time(state: BlueprintSetupState) -> None:
    """Have each of Flask-Security's pages commit what it has written as a part of the page.

    It commits after the page, or not at all. A failure there would be answered without an
    error page, without headers and with what was typed lost.
    """
    for endpoint, view in state.app.view_functions.items():
        if endpoint in COMMITTED:
            state.app.view_functions[endpoint] = _committed(view)


def _committed(view: View) -> View:
    @wraps(view)
    def page(**arguments: Any) -> Any:  # noqa: ANN401 - of the address, and any view's
        answer = view(**arguments)
        db.session.commit()
        return answer

    return page
