"""People who write while an organizer changes how people are named never show more than they agreed to."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests import cast
from tests.deciding.building import a_ballot, a_section, person
from tests.together import Together
from workgroup.cohorts import attribution, promises
from workgroup.cohorts.attribution import DECIDED, Mode, Surface
from workgroup.cohorts.models import Membership
from workgroup.database import db, reading_only
from workgroup.deciding import services as deciding
from workgroup.deciding.models import Ballot
from workgroup.deciding.rules import Position
from workgroup.discussion import services as discussion
from workgroup.discussion.quotations import Quotation
from workgroup.drafting import moves
from workgroup.drafting.models import Report, Section
from workgroup.lifecycle import queries
from workgroup.live import hub
from workgroup.publishing import services as publishing
from workgroup.textlog.models import Stream
from workgroup.textlog.services import Batch, Entry

pytestmark = pytest.mark.both_databases


NOBODY_NAMED = dict.fromkeys(DECIDED, Mode.NONE)


def comment(writer: Membership) -> None:
    section = db.session.query(Section).first()
    discussion.open_thread(section, writer, "Too early.", Quotation())


def vote(writer: Membership) -> None:
    deciding.cast_vote(db.session.query(Ballot).one(), writer, Position.SUPPORT, "")


def freeze(writer: Membership) -> None:
    moves.freeze(db.session.query(Section).first(), writer)


def export(writer: Membership) -> None:
    publishing.request_export(db.session.query(Report).one(), writer)


def write(writer: Membership) -> None:
    stream = db.session.query(Stream).first()
    words = Entry(client_id=7, n=1, data=b"\x00\x00")
    names = frozenset({attribution.written(NOBODY_NAMED)})
    hub.append([Batch(stream.id, stream.epoch, [words], {7: writer.user_id}, names)])


@dataclass(frozen=True)
class Act:
    """Something that leaves somebody's first trace on a surface."""

    do: Callable[[Membership], None]
    surface: Surface
    by: str

    def __str__(self) -> str:
        return f"{self.do.__name__}-{self.surface}"


WRITING = Act(write, Surface.LIVE, "amy")
ACTS = [
    Act(comment, Surface.COMMENTS, "amy"),
    Act(comment, Surface.PRINT, "amy"),
    Act(vote, Surface.VOTES, "amy"),
    Act(freeze, Surface.HISTORY, "olivia"),
    Act(export, Surface.HISTORY, "olivia"),
]


@pytest.fixture
def together(app):
    return Together(app)


@pytest.fixture
def unnamed(app):
    """Let the cohort name nobody; no context is held afterwards."""

    def prepare(act):
        with app.app_context():
            a_ballot() if act.do is vote else a_section()
            cohort = person("olivia").cohort
            for surface in DECIDED:
                setattr(cohort, f"names_{surface.value}", Mode.NONE)
            db.session.commit()

    return prepare


def name_people_on(surface):
    organizer = person("olivia")
    wanted = {**organizer.cohort.modes, surface: Mode.NAMED}
    promises.set_modes(organizer, wanted, queries.surfaces_in_use)


def mode_of(app, surface):
    with app.app_context():
        return person("olivia").cohort.modes[surface]


@pytest.mark.parametrize("act", [WRITING, *ACTS], ids=str)
def test_a_change_to_more_names_waits_for_a_first_trace_and_is_refused(
    app, together, unnamed, act
):
    unnamed(act)

    together.run(lambda: act.do(person(act.by)), lambda: name_people_on(act.surface))

    assert together.raised == {"second": promises.PromiseError}
    assert mode_of(app, act.surface) is Mode.NONE


@pytest.mark.parametrize("act", ACTS, ids=str)
def test_a_form_sent_while_names_come_back_asks_before_anything_is_stored(
    app, together, unnamed, act
):
    unnamed(act)

    with app.app_context(), reading_only():  # as a page's request begins
        writer = person(act.by)
        db.session.expunge_all()

    together.run(
        lambda: name_people_on(act.surface),
        lambda: act.do(db.session.merge(writer, load=False)),
    )

    assert together.raised == {"second": promises.MoreNamesError}
    with app.app_context():
        left = queries.surfaces_in_use(writer.cohort_id)
        assert act.surface not in left


@pytest.mark.parametrize(
    "surface", sorted(attribution.PROMISED[attribution.Trace.WORDS])
)
def test_words_sent_while_names_come_back_are_not_stored(
    app, together, unnamed, surface
):
    unnamed(WRITING)

    together.run(lambda: name_people_on(surface), lambda: write(person("amy")))

    assert together.raised == {}
    with app.app_context():
        assert queries.surfaces_in_use(person("amy").cohort_id) == set()


PAGES = {  # of an act: where its form stands, where it goes, and what is typed
    "comment": ("/sections/{section}/threads", "", {"body": "This is too early."}),
    "vote": (
        "/ballots/{ballot}",
        "/vote",
        {"position": "object", "reason": "Too early."},
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_is_older_than_the_change_asks_before_it_keeps_anything(
    app, as_, unnamed, name
):
    act = {"comment": ACTS[0], "vote": ACTS[2]}[name]
    unnamed(act)
    with app.app_context():
        ballot = db.session.query(Ballot).first()
        ids = {
            "section": db.session.query(Section).first().id,
            "ballot": ballot and ballot.id,
        }
    where, to, typed = PAGES[name]
    page = f"/c/{cast.SLUG}{where.format(**ids)}"
    amy = as_("amy")
    promised = hidden(amy.get(page).text)
    with app.app_context():
        name_people_on(act.surface)
        db.session.commit()

    refused = amy.post(page + to, data={**typed, "names": promised})
    with app.app_context():
        kept = queries.surfaces_in_use(person("amy").cohort_id)
    again = amy.post(page + to, data={**typed, "names": hidden(refused.text)})

    assert refused.status_code == 409
    assert "now shows more of your name" in refused.text
    assert (typed.get("body") or typed["reason"]) in refused.text
    assert act.surface not in kept
    assert again.status_code == 303
    with app.app_context():
        assert act.surface in queries.surfaces_in_use(person("amy").cohort_id)


def test_a_form_refused_for_another_reason_keeps_its_first_promise(app, as_, unnamed):
    unnamed(ACTS[2])
    with app.app_context():
        page = f"/c/{cast.SLUG}/ballots/{db.session.query(Ballot).one().id}"
    amy = as_("amy")
    promised = hidden(amy.get(page).text)
    with app.app_context():
        name_people_on(Surface.VOTES)
        db.session.commit()

    lacking = amy.post(f"{page}/vote", data={"reason": "Too early.", "names": promised})
    refused = amy.post(
        f"{page}/vote",
        data={
            "position": "object",
            "reason": "Too early.",
            "names": hidden(lacking.text),
        },
    )

    assert lacking.status_code == 422
    assert refused.status_code == 409
    assert "now shows more of your name" in refused.text


def test_a_comment_of_the_editor_is_asked_about_and_learns_how_names_show_now(
    app, as_, unnamed
):
    unnamed(ACTS[0])
    with app.app_context():
        page = f"/c/{cast.SLUG}/sections/{db.session.query(Section).first().id}/"
    amy = as_("amy")
    promised = re.search(r'data-names="([^"]+)"', amy.get(page).text)[1]
    with app.app_context():
        name_people_on(Surface.COMMENTS)
        db.session.commit()

    def send(body, names):
        return amy.post(
            f"{page}threads",
            data={"body": body, "names": names},
            headers={"X-Requested-With": "fetch"},
        )

    empty = send("", promised)
    refused = send("This is too early.", empty.json["names"])
    with app.app_context():
        kept = queries.surfaces_in_use(person("amy").cohort_id)
    again = send("This is too early.", refused.json["names"])

    assert (empty.status_code, empty.json["names"]) == (422, promised)
    assert refused.status_code == 409
    assert "now shows more of your name" in refused.json["error"]
    assert kept == set()
    assert again.status_code == 201


BUTTONS = {  # of an organizer's act: where its form stands, where it goes, what it has
    "freeze": ("/sections/{section}/", "/sections/{section}/freeze", "/freeze"),
    "open": ("/sections/{section}/open", "/sections/{section}/open", "closes_at"),
    "export": ("/exports/", "/exports/", "/exports/"),
}


@pytest.mark.parametrize("name", BUTTONS)
def test_an_organizers_page_that_is_older_than_the_change_asks_too(
    app, as_, unnamed, name
):
    unnamed(ACTS[3])
    with app.app_context():
        section = db.session.query(Section).first().id
    *ways, sign = BUTTONS[name]
    page, to = (f"/c/{cast.SLUG}{one.format(section=section)}" for one in ways)
    olivia = as_("olivia")
    forms = re.findall(r"<form.*?</form>", olivia.get(page).text, re.DOTALL)
    promised = hidden(next(form for form in forms if sign in form))
    with app.app_context():
        name_people_on(Surface.HISTORY)
        db.session.commit()

    terms = {"closes_at": "2999-01-01T12:00", "preset": "majority"}
    refused = olivia.post(to, data={**terms, "names": promised})

    assert refused.status_code == 409
    assert "now shows more of your name" in refused.text
    with app.app_context():
        assert queries.surfaces_in_use(person("olivia").cohort_id) == set()


def hidden(page):
    return re.search(r'name="names" value="([^"]+)"', page)[1]
