"""The commands of ``flask``; each is an entry point and commits once."""

import os
import secrets
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from flask_security import hash_password, url_for_security
from flask_security.recoverable import generate_reset_password_token
from sqlalchemy.exc import DBAPIError

from workgroup import backup, database_files, doctor, server
from workgroup.accounts import queries as accounts_queries
from workgroup.accounts import services as accounts
from workgroup.accounts.mailbox import normal_address
from workgroup.acts import queries as audit
from workgroup.config import LOOPBACK
from workgroup.database import db, reading_only
from workgroup.demo import accounts as demo_accounts
from workgroup.demo import services as demo
from workgroup.errors import DomainError
from workgroup.findings import Grade
from workgroup.jobs import cli as jobs
from workgroup.jobs import worker
from workgroup.links import base_url
from workgroup.postgresql import why_unreachable
from workgroup.publishing import jobs as publishing
from workgroup.text import clean_line


def init_app(app: Flask) -> None:
    """Register the commands.

    Raises:
        ClickException: ``flask run`` was called, whose server has no sockets.
    """
    context = click.get_current_context(silent=True)
    if context and context.info_name == "run":
        raise click.ClickException("Start the server with `flask serve`.")
    commands = (
        run_server,
        run_worker,
        examine,
        back_up,
        create_user,
        password_link,
        audit_verify,
        load_demo,
        export_report,
        jobs.commands,
    )
    for command in commands:
        app.cli.add_command(command)


@click.command("serve")
@with_appcontext
def run_server() -> None:
    """Serve pages and sockets on HOST and PORT, and run the worker as a child."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # the documented way out of the proxy
    host, port = app.config["HOST"], app.config["PORT"]
    with database_files.held_by_one_server(app) as held:
        _refuse_another_schema()
        click.echo(f"Workgroup serves on {base_url(app.config)}")
        server.serve(app, held, host, port)


Command = TypeVar("Command", bound=Callable[..., None])


def on_this_schema(command: Command) -> Command:
    """Refuse with one line to run a command on a database that is empty or another version's."""

    @wraps(command)
    def checked(*args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the command's own
        _refuse_another_schema()
        command(*args, **kwargs)

    return cast("Command", checked)


for _command in jobs.commands.commands.values():
    _command.callback = with_appcontext(on_this_schema(cast("Any", _command.callback)))


def _refuse_another_schema() -> None:
    try:
        with reading_only():  # or it would wait for any writer
            fault = doctor.schema_fault()
            db.session.rollback()
    except DBAPIError as error:
        fault = why_unreachable(error)
        if not fault:
            raise
    # Connections opened from here on are checked for replaced files.
    db.engine.dispose()
    if fault:
        raise click.ClickException(fault)


@click.command("worker")
@with_appcontext
def run_worker() -> None:
    """Run due jobs until stopped; ``flask serve`` starts one by itself."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # the documented way out of the proxy
    pipe = os.environ.get("WORKGROUP_PARENT_PIPE")
    path = database_files.path_of(app)
    for fault in database_files.faults_under_a_server(path) if path else ():
        # To open the files would make matters worse, and so would restarting again and again.
        click.echo(
            f"{fault}: the worker waits until the server is restarted.", err=True
        )
        worker.wait_for_the_end_of(int(pipe) if pipe else None)
        raise SystemExit(1)
    _refuse_another_schema()
    with database_files.watched_by_a_worker(app) as files:
        if files:
            files.guard(db.engine)
        worker.serve(
            app, app.extensions["schedule"], int(pipe) if pipe else None, files
        )


@click.command("doctor")
@with_appcontext
def examine() -> None:
    """Report what this installation lacks or does unsafely."""
    findings = doctor.examine()
    for finding in findings:
        click.secho(f"{finding.grade:<5}", fg=finding.color, nl=False)
        click.echo(finding.sentence)
    if any(finding.grade == Grade.BAD for finding in findings):
        raise SystemExit(1)


@click.command("backup")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def back_up(target: Path) -> None:
    """Copy the SQLite database to TARGET, also while the server runs."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # the documented way out of the proxy
    backup.back_up(app, target.absolute())
    click.echo(f"{target}: {target.stat().st_size:,} bytes")


@click.command("password-link")
@click.argument("email")
@with_appcontext
@on_this_schema
def password_link(email: str) -> None:
    """Print a link to set a new password, for servers that send no e-mail.

    It works for 30 minutes or until a password is set; it is not stored anywhere.
    """
    user = accounts_queries.find_user(normal_address(email))
    if user is None:
        raise click.ClickException(f"There is no account {email}.")
    token = generate_reset_password_token(user)  # type: ignore[no-untyped-call]
    click.echo(url_for_security("reset_password", token=token, _external=True))


@click.command("create-user")
@click.argument("email")
@click.option("--organizer", is_flag=True, help="May create cohorts.")
@click.option("--name", default="", help="The name as printed.")
@click.option(
    "--password", default="", help="If omitted, one is generated and printed."
)
@with_appcontext
@on_this_schema
def create_user(email: str, name: str, password: str, *, organizer: bool) -> None:
    """Create an account."""
    password = password or secrets.token_urlsafe(12)
    try:
        user = accounts.create_user(
            email,
            hash_password(password),
            may_found=organizer,
            printed_name=clean_line(name),
        )
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    db.session.commit()
    click.echo(f"{user.email}  {password}")


@click.command("audit-verify")
@with_appcontext
@on_this_schema
def audit_verify() -> None:
    """Report whether the audit log is whole; name the first record that is not."""
    altered = audit.first_altered()
    if altered is not None:
        raise click.ClickException(f"Record {altered} of the audit log was altered.")
    click.echo("The audit log is intact.")


@click.command("demo")
@click.option(
    "--if-empty",
    is_flag=True,
    help="Only upgrade the schema of an instance that is already in use.",
)
@with_appcontext
def load_demo(*, if_empty: bool) -> None:
    """Prepare an empty instance: the schema, an invented cohort, its report.

    The passwords are random and are printed, so it is for this machine alone.
    """
    private = current_app.config["HOST"] in LOOPBACK
    if not if_empty:
        _refuse_to_load(private=private)
    wanted = private and demo.is_empty()
    db.session.rollback()  # the schema is changed in a transaction of its own
    upgrade()
    if wanted:
        known = demo.load()
        demo_accounts.save(current_app.config["INSTANCE"], known)
        db.session.commit()
    if private:
        _show_accounts()


def _refuse_to_load(*, private: bool) -> None:
    if not private:
        raise click.ClickException(
            "The demo prints passwords, so it can be loaded on this machine only: "
            "set HOST=127.0.0.1 or unset it."
        )
    try:
        demo.require_empty()
    except DomainError as error:
        raise click.ClickException(str(error)) from error


def _show_accounts() -> None:
    """Print who can sign in to the demo; nothing where it was never loaded."""
    known = demo_accounts.load(current_app.config["INSTANCE"])
    if known:
        click.echo("The demo's invented people; address, role, password:\n")
        click.echo(f"{demo_accounts.table(known)}\n")


@click.command("export")
@click.argument("slug", required=False)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="The file to write.",
)
@with_appcontext
@on_this_schema
def export_report(slug: str | None, out: Path) -> None:
    """Print a cohort's report; SLUG may be left out where there is one report."""
    try:
        printed = publishing.print_now(
            slug, out, lambda page: click.echo(f"\rpage {page}", nl=False, err=True)
        )
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo("\r", nl=False, err=True)
    click.echo(f"{out}  {printed.pages} pages  SHA-256 {printed.sha256}")
