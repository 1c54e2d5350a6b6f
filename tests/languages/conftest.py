"""A language in which every sentence of ours stands in brackets, compiled for these tests alone.

It goes by the name of Japanese, so that dates, zones and names are those of its readers.
"""

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from sqlalchemy import update

from tests.languages.reading import CLOSE, OPEN
from tests.servers import ROOT
from workgroup import i18n
from workgroup.accounts.models import User
from workgroup.database import db


@pytest.fixture(scope="session")
def bracketed(tmp_path_factory):
    """A folder with the compiled language."""
    with (ROOT / "workgroup/translations/messages.pot").open("rb") as file:
        sentences = read_po(file)
    catalogue = Catalog(locale="ja")
    for message in sentences:
        if not message.id:
            continue
        if isinstance(message.id, str):
            catalogue.add(message.id, f"{OPEN}{message.id}{CLOSE}")
        else:
            catalogue.add(message.id, (f"{OPEN}{message.id[1]}{CLOSE}",))
    folder = tmp_path_factory.mktemp("translations")
    compiled = folder / "ja" / "LC_MESSAGES" / "messages.mo"
    compiled.parent.mkdir(parents=True)
    with compiled.open("wb") as file:
        write_mo(file, catalogue)
    return folder


@pytest.fixture
def offered(app, bracketed, monkeypatch):
    """Offer the language beside English."""
    monkeypatch.setattr(i18n, "LANGUAGES", ["en", "ja"])
    babel = app.extensions["babel"]
    monkeypatch.setattr(babel, "translation_directories", [str(bracketed)])
    forget_sentences(app)
    yield
    forget_sentences(app)


def forget_sentences(app):
    """Have the catalogues read again: they are kept for all applications together."""
    with app.app_context():
        app.extensions["babel"].instance.domain_instance.cache.clear()


@pytest.fixture
def reads(app, offered):
    """Let people of the cast read the language; without names, all of them."""

    def choose(*emails):
        with app.app_context():
            chosen = update(User).values(language="ja")
            if emails:
                chosen = chosen.where(User.email.in_(emails))
            db.session.execute(chosen)
            db.session.commit()

    return choose
