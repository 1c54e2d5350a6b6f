"""An instance on which ``flask demo`` ran, once for all tests."""

import secrets
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from tests import cast
from tests.conftest import settings
from workgroup.accounts.models import User
from workgroup.database import db
from workgroup.demo import texts


@dataclass(frozen=True)
class Loaded:
    """The application and what the command printed."""

    app: Flask
    instance: Path
    output: str


@pytest.fixture(scope="session")
def text():
    return texts.read()


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    instance = tmp_path_factory.mktemp("demo")
    app = create_app(settings(instance))
    app.testing = True
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 0, result.output
    yield Loaded(app, instance, result.output)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def history(demo):
    """The database session, to look at what was loaded."""
    with demo.app.app_context():
        yield db.session
        db.session.rollback()


@pytest.fixture
def page_of(demo, text):
    """Pages as one of the demo's people sees them: ``page_of("seomun", path)``."""

    def get(key, path):
        address = next(one.address for one in text.people if one.key == key)
        with demo.app.app_context():
            user = db.session.scalars(select(User).where(User.email == address)).one()
            key = secrets.token_hex(16)
            cast.sign_in(user, key)
            db.session.commit()
        client = demo.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = key
            cookie["_fresh"] = True
        return client.get(path)

    return get
