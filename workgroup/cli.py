"""The commands of ``flask``; each is an entry point and commits once."""

import secrets

import click
from flask import Flask

from workgroup.accounts import services as accounts
from workgroup.audit import services as audit
from workgroup.database import db
from workgroup.errors import DomainError


def init_app(app: Flask) -> None:
    """Register the commands."""
    for command in (create_user, audit_verify):
        app.cli.add_command(command)


@click.command("create-user")
@click.argument("email")
@click.option("--organizer", is_flag=True, help="May create cohorts.")
@click.option("--name", default="", help="The name as printed.")
@click.password_option(
    "--password", default="", prompt=False, help="Left out: one is made and printed."
)
def create_user(email: str, name: str, password: str, *, organizer: bool) -> None:
    """Create an account."""
    password = password or secrets.token_urlsafe(12)
    try:
        user = accounts.create_user(
            email, password, may_found=organizer, printed_name=name
        )
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    audit.record("system", "account.created", f"person:{user.id}")
    db.session.commit()
    click.echo(f"{user.email}  {password}")


@click.command("audit-verify")
def audit_verify() -> None:
    """Tell whether the audit log is whole; name the first record that is not."""
    altered = audit.first_altered()
    if altered is not None:
        raise click.ClickException(f"Record {altered} of the audit log was altered.")
    click.echo("The audit log is whole.")
