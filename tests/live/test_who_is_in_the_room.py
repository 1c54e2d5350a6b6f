"""Who is at a text, as far as the cohort shows it: frames hold that and nothing else."""

import asyncio
import json
from functools import partial

import pytest
from sqlalchemy import select

from tests import cast
from tests.live.conftest import play
from tests.live.desks import Desk, a_hub
from tests.live.editors import until
from workgroup import bus
from workgroup.bus import Aspect
from workgroup.cohorts import services as cohorts
from workgroup.cohorts.attribution import DECIDED, Mode, Surface
from workgroup.cohorts.models import Cohort, Delegation
from workgroup.cohorts.roles import Assignment
from workgroup.database import db
from workgroup.textlog import services
from workgroup.textlog.models import Stream

SOMEONE = {"name": "Someone", "lang": "", "code": "", "initials": ""}
SECRETS = (
    "Amy",
    "Adler",
    "Olivia",
    "Okafor",
    "Minjun",
    "마민준",
    "@",
    "user",
    "person",
)


def show_names(app, mode, *surfaces):
    with app.app_context():
        cohort = db.session.scalars(
            select(Cohort).where(Cohort.slug == cast.SLUG)
        ).one()
        for surface in surfaces or DECIDED:
            setattr(cohort, f"names_{surface.value}", mode)
        bus.raise_revisions([bus.topic(Aspect.PEOPLE, cohort.id)])
        db.session.commit()


def freeze(app, section):
    with app.app_context():
        stream = db.session.get(Stream, section.stream_id)
        services.freeze(stream, by=cast.user_id("olivia"))
        bus.raise_revisions([bus.topic(Aspect.TEXT, section.stream_id)])
        db.session.commit()


def people(desk):
    """Return the newest list of who is here, by connection."""
    frames = [text["p"] for text in desk.texts if text["t"] == "people"]
    return frames[-1] if frames else {}


@pytest.mark.parametrize(
    ("mode", "amy", "hana"),
    [
        (Mode.NONE, SOMEONE, {**SOMEONE, "name": "You"}),
        (
            Mode.DELEGATION,
            {"name": "United States", "lang": "", "code": "US", "initials": "US"},
            {"name": "You · Japan", "lang": "", "code": "JP", "initials": "JP"},
        ),
    ],
)
def test_a_frame_holds_what_the_cohort_shows_and_nothing_more(
    app, section, mode, amy, hana
):
    show_names(app, mode)

    async def scene():
        async with a_hub(app) as hub:
            one = await Desk(hub, section, "amy").enter()
            again = await Desk(hub, section, "amy").enter()
            other = await Desk(hub, section, "hana").enter()
            await until(lambda: len(people(other)) == 3)
            freeze(app, section)
            await until(lambda: any(text["t"] == "frozen" for text in other.texts))
            return one.peer.number, again.peer.number, other

    one, again, other = play(scene())

    assert people(other) == {
        str(one): amy,
        str(again): {**amy, "again": True},
        str(other.peer.number): hana,
    }
    received = json.dumps(other.texts, ensure_ascii=False)
    assert [word for word in SECRETS if word in received] == []


def test_by_name_a_person_has_a_color_and_is_counted_once(app, section):
    async def scene():
        async with a_hub(app) as hub:
            await Desk(hub, section, "amy").enter()
            await Desk(hub, section, "amy").enter()
            hana = await Desk(hub, section, "hana").enter()
            await until(lambda: len(people(hana)) == 3)
            return list(people(hana).values())

    first, second, own = play(scene())

    assert (first["name"], first["initials"]) == ("Amy Adler", "AA")
    assert second == {**first, "again": True}
    assert first["color"] != own["color"]


def test_a_change_of_the_setting_reaches_open_editors(app, section):
    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter()
            hana = await Desk(hub, section, "hana").enter()
            await until(lambda: len(people(hana)) == 2)
            named = amy.peer.number
            show_names(app, Mode.NONE)
            await until(lambda: amy.closed and hana.closed)
            for one in (amy, hana):
                hub.leave(one.peer)
            amy, hana = [
                await Desk(hub, section, name).enter() for name in ("amy", "hana")
            ]
            await until(lambda: len(people(hana)) == 2)
            assert amy.peer.number != named
            return people(hana)[str(amy.peer.number)]

    assert play(scene()) == SOMEONE


def test_what_nobody_sees_of_a_person_sends_no_frame(app, section):
    show_names(app, Mode.NONE)

    def leave_her_subgroup():
        with app.app_context():
            amy, olivia = cast.person("amy"), cast.person("olivia")
            cohorts.move(olivia, amy, Assignment(amy.roles, amy.delegation_id))
            db.session.commit()

    async def scene():
        async with a_hub(app) as hub:
            amy = await Desk(hub, section, "amy").enter()
            hana = await Desk(hub, section, "hana").enter()
            await until(lambda: len(people(hana)) == 2)
            hana.texts.clear()
            before = amy.peer.seat
            await asyncio.to_thread(leave_her_subgroup)
            await until(lambda: amy.peer.seat != before)
            return hana.text_frames("people")

    assert play(scene()) == []


def test_who_froze_a_text_is_named_where_names_show(app, section):
    async def scene():
        async with a_hub(app) as hub:
            hana = await Desk(hub, section, "hana").enter()
            freeze(app, section)
            await until(lambda: any(text["t"] == "frozen" for text in hana.texts))
            return [text["by"] for text in hana.texts if text["t"] == "frozen"]

    assert play(scene()) == ["Olivia Okafor"]


def test_who_froze_a_text_is_no_longer_named_after_a_change_to_fewer_names(
    app, section
):
    async def scene():
        async with a_hub(app) as hub:
            hana = await Desk(hub, section, "hana").enter()
            freeze(app, section)
            await until(lambda: hana.text_frames("frozen"))
            show_names(app, Mode.NONE, Surface.HISTORY)
            await until(lambda: len(hana.text_frames("frozen")) > 1)
            hana.write("a")
            return [text["by"] for text in hana.text_frames("frozen")]

    assert play(scene()) == ["Olivia Okafor", None, None]


PROFILE = {
    "printed_name": "Amy Adler",
    "native_name": "",
    "native_language": "",
    "name_order": "given-first",
    "affiliation": "",
    "sector": "",
    "time_zone": "America/New_York",
}


async def become_amy_abel(app, section, page, sent):
    """Send a form as Amy while she and Hana write; return its answer once Hana's page has the name."""
    async with a_hub(app) as hub:
        number = str((await Desk(hub, section, "amy").enter()).peer.number)
        hana = await Desk(hub, section, "hana").enter()
        await until(lambda: number in people(hana))
        answer = await asyncio.to_thread(
            page, data={**sent, "printed_name": "Amy Abel"}
        )
        await until(lambda: people(hana)[number]["name"] == "Amy Abel")
        return answer.status_code, hana.closed


@pytest.mark.both_databases
def test_a_new_name_reaches_open_editors(app, as_, section):
    page = partial(as_("amy").post, "/account/profile")

    assert play(become_amy_abel(app, section, page, PROFILE)) == (302, None)


def test_a_first_name_reaches_open_editors(app, as_, section):
    with app.app_context():
        cast.person("amy").user.printed_name = ""
        db.session.commit()
    page = partial(as_("amy").post, "/account/welcome")

    assert play(become_amy_abel(app, section, page, {"time_zone": "UTC"})) == (
        303,
        None,
    )


def test_who_froze_a_text_is_shown_by_a_new_name(app, as_, section):
    olivia = as_("olivia")

    async def scene():
        async with a_hub(app) as hub:
            hana = await Desk(hub, section, "hana").enter()
            freeze(app, section)
            await until(lambda: hana.text_frames("frozen"))
            await asyncio.to_thread(
                olivia.post,
                "/account/profile",
                data={**PROFILE, "printed_name": "Olivia Obi"},
            )
            await until(lambda: len(hana.text_frames("frozen")) > 1)
            return [text["by"] for text in hana.text_frames("frozen")]

    assert play(scene()) == ["Olivia Okafor", "Olivia Obi"]


def test_a_delegations_new_name_reaches_open_editors_once(app, as_, section):
    show_names(app, Mode.DELEGATION)
    with app.app_context():
        states = db.session.scalars(
            select(Delegation).where(Delegation.code == "US")
        ).one()
        page = f"/c/{cast.SLUG}/setup/delegations/{states.id}"
    olivia = as_("olivia")

    async def scene():
        async with a_hub(app) as hub:
            numbers = [
                str((await Desk(hub, section, "amy").enter()).peer.number)
                for _ in range(3)
            ]
            hana = await Desk(hub, section, "hana").enter()
            await until(lambda: people(hana).keys() >= {*numbers})
            before = len(hana.text_frames("people"))
            await asyncio.to_thread(
                olivia.post, page, data={"code": "USA", "name": "America"}
            )
            await until(lambda: people(hana)[numbers[-1]]["code"] == "USA")
            lists = hana.text_frames("people")[before:]
            return [[one["p"][number]["name"] for number in numbers] for one in lists]

    assert play(scene()) == [["America"] * 3]
