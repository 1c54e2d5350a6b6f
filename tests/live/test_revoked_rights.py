"""Rights that change while somebody edits: the socket ends unasked, a second or two later."""

import asyncio
import re
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from sqlalchemy import select, update

from tests import cast
from tests.live.conftest import play
from tests.live.editors import until, write_section
from tests.waiting import PATIENT
from workgroup import bus, clock
from workgroup.accounts.models import SignIn, User
from workgroup.bus import Aspect
from workgroup.cohorts.models import Membership
from workgroup.cohorts.roles import Role
from workgroup.database import db
from workgroup.drafting import arranging
from workgroup.drafting.models import Section
from workgroup.textlog import services
from workgroup.textlog.models import Stream


def change(site, table, user_id, **values):
    """Change somebody's row as another process would; the server learns of it only by the bus."""
    column = User.id if table is User else table.user_id
    db.session.execute(update(table).where(column == user_id).values(**values))


def person(name):
    return db.session.scalars(
        select(User).where(User.email == cast.address(name))
    ).one()


def cohort_of(user):
    return db.session.scalars(
        select(Membership.cohort_id).where(Membership.user_id == user.id)
    ).one()


def removed(site, user):
    change(site, Membership, user.id, ended_at=clock.now())
    bus.raise_revisions([bus.topic(Aspect.PEOPLE, cohort_of(user))])


def made_observer(site, user):
    change(site, Membership, user.id, roles=frozenset({Role.OBSERVER}))
    bus.raise_revisions([bus.topic(Aspect.PEOPLE, cohort_of(user))])


def password_changed(site, user):
    change(site, User, user.id, fs_uniquifier=f"another-{user.id}")
    bus.raise_revisions([bus.topic(Aspect.SESSIONS, user.id)])


def signed_out(_site, user):
    bus.raise_revisions([bus.topic(Aspect.SESSIONS, user.id)])


def restored(site, name):
    with site.app.app_context():
        user = person(name)
        change(site, User, user.id, fs_uniquifier=cast.uniquifier(name))
        change(site, SignIn, user.id, ended_at=None)
        change(site, Membership, user.id, ended_at=None, roles=frozenset({Role.MEMBER}))
        db.session.commit()


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (removed, 4403),
        (made_observer, 4403),
        (password_changed, 4401),
        (signed_out, 1012),  # the browser comes back, and its cookie decides
    ],
)
def test_the_socket_ends_unasked_and_the_others_stay(site, what, code):
    async def scene():
        amy = await site.editor("amy").open()
        hana = await site.editor("hana").open()
        with site.app.app_context():
            what(site, person("amy"))
            db.session.commit()
        assert await amy.ended() == code
        await hana.write("a")
        await hana.settled()
        assert hana.closed is None
        await hana.close()

    try:
        play(scene())
    finally:
        restored(site, "amy")


def test_a_freeze_by_another_process_shows_unasked(site):
    text = bus.topic(Aspect.TEXT, site.stream)

    async def scene():
        amy = await site.editor("amy").open()
        with site.app.app_context():
            stream = db.session.get(Stream, site.stream)
            services.freeze(stream, by=cast.user_id("olivia"))
            bus.raise_revisions([text])
            db.session.commit()
        await until(lambda: amy.text_frames("frozen"))
        assert amy.text_frames("frozen") == [{"t": "frozen", "by": "Olivia Okafor"}]
        with site.app.app_context():
            services.thaw(db.session.get(Stream, site.stream))
            bus.raise_revisions([text])
            db.session.commit()
        await until(lambda: amy.text_frames("thawed"))
        await amy.write("a")
        await amy.settled()
        await amy.close()

    play(scene())


def test_a_section_that_is_removed_ends_its_sockets_and_is_not_called_frozen(site):
    with site.app.app_context():
        section = write_section("Removed")
        db.session.commit()
        section_id = section.id

    async def scene():
        amy = await site.editor("amy", section_id).open()
        with site.app.app_context():
            section = db.session.get(Section, section_id)
            arranging.remove_section(section, cast.person("olivia"))
            db.session.commit()
        assert await amy.ended() == 4403
        assert amy.text_frames("frozen") == []

    play(scene())


@pytest.mark.parametrize("page", ["sign-out", "change"])
def test_signing_out_and_a_new_password_end_the_sockets(site, page):
    async def scene():
        hana = await site.editor("hana").open()
        minjun = await site.editor("minjun").open()
        await asyncio.to_thread(on_the_page, site, page)
        assert await hana.ended() == 4401
        assert minjun.closed is None
        await minjun.close()

    try:
        play(scene())
    finally:
        restored(site, "hana")


def on_the_page(site, page):
    """Post one of the account's forms to the running server, as Hana's browser would."""
    cookie = {"Cookie": site.editor("hana").headers["Cookie"]}
    address = f"{site.server.url}/account/{page}"
    form = address if page == "change" else f"{site.server.url}/account/profile"
    with urlopen(Request(form, headers=cookie), timeout=PATIENT) as answer:
        token = re.search(
            r'name="csrf_token"[^>]*value="([^"]+)"', answer.read().decode()
        )
        fresh = answer.headers["Set-Cookie"]
    if fresh:
        cookie = {"Cookie": fresh.partition(";")[0]}
    new = cast.PASSWORD + " again"
    typed = {
        "csrf_token": token[1],
        "password": cast.PASSWORD,
        "new_password": new,
        "new_password_confirm": new,
    }
    with urlopen(
        Request(address, urlencode(typed).encode(), headers=cookie), timeout=PATIENT
    ) as answer:
        assert answer.status == 200
