"""The composition root: makes the application from its features; nothing imports it."""

from flask import Blueprint, Flask
from flask_babel import lazy_gettext as _l

from workgroup import assets, cli, config, forgery, i18n, mail, web
from workgroup.accounts import mails as password_mails
from workgroup.accounts import security
from workgroup.accounts import views as accounts
from workgroup.cohorts import mails as invitation_mails
from workgroup.cohorts import queries as memberships
from workgroup.cohorts import views as cohorts
from workgroup.cohorts.navigation import Entry, Site
from workgroup.cohorts.roles import Permission
from workgroup.database import db, prepare_engine
from workgroup.deciding import views as deciding
from workgroup.discussion import views as discussion
from workgroup.drafting import queries as sections
from workgroup.drafting import views as drafting
from workgroup.extensions import csrf, migrate
from workgroup.files import jobs as files
from workgroup.jobs.schedule import PeriodicTask, Schedule
from workgroup.lifecycle import jobs as deadlines
from workgroup.lifecycle import views as lifecycle
from workgroup.links import PublicFlask
from workgroup.notifications import jobs as notices
from workgroup.notifications import views as notifications
from workgroup.publishing import jobs as publishing
from workgroup.publishing import views as exports
from workgroup.sending import jobs as sending
from workgroup.sending import returning
from workgroup.textlog import jobs as textlog

FOREIGN_POLICIES = {"static": "public", **security.POLICIES}
# What shows a public form's page again if it was open for longer than a session lasts.
SHOWN_AGAIN = {**returning.SHOWN_AGAIN, **cohorts.SHOWN_AGAIN}


def create_app(settings: config.Config | None = None) -> Flask:
    """Make the application.

    Raises:
        SettingError: a setting cannot be used.
        RuntimeError: a page has no declared policy.
    """
    app = PublicFlask(
        "workgroup",
        template_folder="../templates",
        static_url_path=assets.address_of(assets.FOLDER),
    )
    app.config.from_object(settings or config.read())
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    migrate.init_app(app, db, directory="migrations")
    # First: it sets how transactions begin, and the others read from the database at once.
    web.init_app(app)
    assets.init_app(app)
    forgery.init_app(app)
    mail.init_app(app)
    returning.init_app(app, SHOWN_AGAIN)
    csrf.init_app(app)
    i18n.init_app(app)
    security.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.extensions["schedule"] = SCHEDULE
    app.extensions["mails"] = MAILS
    app.extensions["site"] = SITE
    app.extensions["cohorts_of"] = memberships.cohorts_of
    cli.init_app(app)
    web.check_declared(app, FOREIGN_POLICIES)
    return app


SNAPSHOTS = textlog.Snapshots()
PROBE = textlog.Probe(sections.cohort_of_stream)  # the log itself knows no cohorts

# What the worker runs: the kinds of jobs, and what is done by the clock.
SCHEDULE = Schedule(
    kinds={"mail": mail.KIND, "export": publishing.KIND},
    periodic={
        "ballots": PeriodicTask(deadlines.EVERY, deadlines.close_due, punctual=True),
        "forms": PeriodicTask(sending.EVERY, sending.forget_old),
        "notices": PeriodicTask(notices.EVERY, notices.write_notices),
        "mail of notices": PeriodicTask(notices.EVERY, notices.mail_at_once),
        "digests": PeriodicTask(notices.EVERY_MINUTE, notices.mail_each_morning),
        "reminders": PeriodicTask(notices.EVERY_MINUTE, notices.remind, punctual=True),
        "snapshots": PeriodicTask(textlog.EVERY, SNAPSHOTS.take),
        "files": PeriodicTask(files.EVERY, files.collect),
        "exports": PeriodicTask(publishing.EVERY, publishing.tidy_instance),
        "readable": PeriodicTask(textlog.PROBED_EVERY, PROBE.run),
    },
)

# What is asked again when a mail leaves, by its sort.
MAILS = {
    "invitation": invitation_mails.INVITATION,
    "notices": notices.MAIL,
    "password_link": password_mails.PASSWORD_LINK,
}

# Pages that other features link to.
SITE = Site(
    start="lifecycle.start",
    home="lifecycle.home",
    workspace="lifecycle.workspace",
    entries=(
        Entry(_l("Overview"), "lifecycle.home", Permission.READ, "lifecycle.home"),
        Entry(_l("Report"), "drafting.outline", Permission.READ, "drafting."),
        Entry(_l("Ballots"), "deciding.index", Permission.READ, "deciding."),
        Entry(_l("People"), "cohorts.people", Permission.READ, "cohorts."),
        Entry(_l("Exports"), "publishing.index", Permission.PUBLISH, "publishing."),
    ),
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts.bp,
    cohorts.bp,
    drafting.bp,
    deciding.bp,
    discussion.bp,
    exports.bp,
    notifications.bp,
    lifecycle.bp,
)
