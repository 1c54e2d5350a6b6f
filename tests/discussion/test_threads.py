import pytest
from sqlalchemy import select

from tests.cast import person
from tests.discussion.conftest import paragraph, write_section
from workgroup import bus
from workgroup.acts.models import AuditRecord
from workgroup.bus import Aspect
from workgroup.discussion import anchors, queries, services
from workgroup.discussion.quotations import Quotation
from workgroup.drafting import moves as drafting

KOREA = Quotation("Korea", "", " will report")


def revision(section):
    topic = bus.topic(Aspect.THREADS, section.stream_id)
    return bus.revisions([topic]).get(topic, 0)


def comments_of(thread):
    """All comments of a thread; here it has two at most."""
    talk = queries.talks([thread])[thread.id]
    return [talk.first, *talk.latest]


def shown(section):
    amy = person("amy")
    found = [
        *queries.threads(amy, section.id, resolved=True),
        *queries.threads(amy, section.id),
    ]
    return {card.thread.id: card for card in anchors.cards(section, found, look=True)}


def test_a_thread_on_a_draft_keeps_its_quotation_as_it_came(session, section):
    hana, before = person("hana"), revision(section)

    thread = services.open_thread(section, hana, "なぜ五日ですか。", KOREA)
    session.commit()

    assert (thread.quote, thread.suffix) == ("Korea", " will report")
    assert thread.version_id is None
    [found] = queries.threads(person("amy"), section.id)
    assert [comment.body for comment in comments_of(found)] == ["なぜ五日ですか。"]
    assert revision(section) == before + 1


def test_a_discussion_goes_on_is_resolved_and_reopened(session, section):
    hana, minjun = person("hana"), person("minjun")
    thread = services.open_thread(section, hana, "Why?", KOREA)
    session.commit()
    before = revision(section)

    services.reply(thread, minjun, "법이 그렇게 정합니다.")
    session.commit()
    services.resolve(thread, hana)
    session.commit()
    services.resolve(thread, minjun)  # meanwhile; nothing more happens
    with pytest.raises(services.ResolvedError, match="Reopen it to reply"):
        services.reply(thread, minjun, "One more.")
    services.reopen(thread, minjun)
    session.commit()

    [found] = queries.threads(person("amy"), section.id)
    assert [comment.author.user.printed_name for comment in comments_of(found)] == [
        "Hana Hoshino",
        "Minjun Ma",
    ]
    assert found.resolved_at is None
    assert revision(section) == before + 3
    acts = session.scalars(
        select(AuditRecord.action)
        .where(AuditRecord.cohort_id == hana.cohort_id)
        .order_by(AuditRecord.number)
    ).all()
    assert acts[-4:] == [
        "thread.opened",
        "comment.added",
        "thread.resolved",
        "thread.reopened",
    ]


@pytest.mark.parametrize("mark", ["1", "hN7_Qk-3vTz0yXwPbLdE9A"])
def test_a_mark_in_the_draft_holds_its_thread(session, mark):
    """Marks of the first threads are numbers; a thread's public id is what its mark has."""
    number_or_word = int(mark) if mark.isdecimal() else mark
    section = write_section(paragraph(("Korea", number_or_word), (" reports.", None)))
    hana = person("hana")
    marked = services.open_thread(section, hana, "Why Korea?", KOREA, public_id=mark)
    lost = services.open_thread(section, hana, "Why?", Quotation("old words"))
    whole = services.open_thread(section, hana, "Good.", Quotation())
    session.commit()

    cards = shown(section)

    assert (cards[marked.id].anchor, cards[marked.id].gone) == ("mark", False)
    assert (cards[lost.id].anchor, cards[lost.id].gone) == ("mark", True)
    assert (cards[whole.id].anchor, cards[whole.id].gone) == ("section", False)


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("within five days", "within five days"),
        ("早期警報の\n仕組み", "早期警報の仕組み"),
        ("조기\n경보 체계", "조기 경보 체계"),
    ],
)
def test_on_frozen_text_the_words_are_found_in_the_version(
    session, section, quote, found
):
    version = drafting.freeze(section, person("olivia"))

    thread = services.open_thread(section, person("hana"), "?", Quotation(quote))
    session.commit()

    assert thread.version_id == version.id
    assert thread.quote == found
    [passage] = anchors.passages(version.canonical["blocks"], [thread])
    assert (passage.start, passage.end) == (thread.start, thread.end)
    assert shown(section)[thread.id].anchor == "quote"


def test_words_that_frozen_text_does_not_have_are_refused(session, section):
    drafting.freeze(section, person("olivia"))

    with pytest.raises(services.NoSuchWordsError, match="not in version 1"):
        services.open_thread(section, person("hana"), "?", Quotation("within ten days"))


def test_frozen_text_as_a_whole_can_be_discussed(session, section):
    version = drafting.freeze(section, person("olivia"))

    thread = services.open_thread(section, person("hana"), "Good.", Quotation())
    session.commit()

    assert (thread.version_id, thread.start) == (version.id, None)
    assert shown(section)[thread.id].gone is False


def test_open_threads_come_before_resolved_ones(session, section):
    hana = person("hana")
    first = services.open_thread(section, hana, "1", Quotation())
    second = services.open_thread(section, hana, "2", Quotation())
    services.resolve(first, hana)
    session.commit()

    assert list(shown(section)) == [second.id, first.id]
