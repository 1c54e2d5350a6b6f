"""``flask demo``: for an empty instance, on this machine alone."""

import dataclasses
import json
import stat

import pytest
from flask_security import verify_password
from sqlalchemy import select

from app import create_app
from tests.conftest import settings
from workgroup.accounts.models import User
from workgroup.database import db
from workgroup.demo import accounts


@pytest.fixture
def reachable(tmp_path):
    """An application that other machines can reach, on an empty instance."""
    app = create_app(
        dataclasses.replace(
            settings(tmp_path),
            HOST="0.0.0.0",  # noqa: S104 - nothing listens
            PUBLIC_URL="https://report.example",
        )
    )
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["demo", *arguments])


def test_the_passwords_are_printed_and_kept_for_the_owner_only(demo):
    file = demo.instance / accounts.FILE

    known = json.loads(file.read_text())

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(known) == 13
    assert all(account["password"] in demo.output for account in known)
    assert len({account["password"] for account in known}) == 13


def test_a_printed_password_opens_its_account(demo):
    account = accounts.load(demo.instance)[0]

    with demo.app.app_context():
        user = db.session.scalars(
            select(User).where(User.email == account.address)
        ).one()
        opens = verify_password(account.password, user.password)

    assert opens


def test_an_instance_in_use_is_refused(demo):
    result = run(demo.app)

    assert result.exit_code == 1
    assert "already in use" in result.output


def test_a_second_start_leaves_the_instance_and_prints_the_accounts_again(demo):
    result = run(demo.app, "--if-empty")

    assert result.exit_code == 0, result.output
    assert result.output == demo.output


def test_an_instance_that_others_can_reach_gets_no_demo(reachable):
    result = run(reachable)

    assert result.exit_code == 1
    assert "HOST=127.0.0.1" in result.output


def test_an_instance_that_others_can_reach_still_gets_its_schema(reachable, tmp_path):
    result = run(reachable, "--if-empty")

    assert result.exit_code == 0, result.output
    assert not (tmp_path / accounts.FILE).exists()
    with reachable.app_context():
        assert db.session.scalars(select(User)).all() == []
