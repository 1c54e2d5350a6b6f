"""A freeze makes a numbered, hashed version; nothing can be frozen twice."""

import pytest
from sqlalchemy.orm import undefer

from tests.drafting.blocks import mark, node, paragraph, text
from tests.drafting.conftest import write_report
from workgroup import bus
from workgroup.acts.models import AuditRecord
from workgroup.bus import Aspect
from workgroup.database import db
from workgroup.drafting import moves, queries
from workgroup.drafting.canonical import canonical_form, sha256
from workgroup.drafting.models import Version
from workgroup.drafting.states import Move, SectionKind, SectionState, WrongStateError
from workgroup.textlog import services as textlog
from workgroup.textlog.documents import UnreadableTextError
from workgroup.textlog.models import Stream
from workgroup.textlog.seed import new_client_id, seed_update

TEXT = [
    node("heading", "要約", level=1, lang="ja"),
    paragraph(
        text("The "),
        text("three", mark("strong"), mark("comment", id=4)),
        text(" governments."),
    ),
    paragraph(node("footnote", text="See *Annex*.")),
    paragraph("한미일 협력", lang="ko"),
]
DIGEST = "1581a98f2f1e1784cb8df63fcc184eee2321aea4587fe73d49c9b60e62202bcb"


def stream_of(section):
    return db.session.get(Stream, section.stream_id)


@pytest.mark.both_databases
def test_a_freeze_keeps_the_text_its_number_and_its_hash(session, olivia):
    [section] = write_report(SectionKind.CHAPTER, blocks=TEXT)

    with session.no_autoflush:
        version = moves.freeze(section, olivia)
        assert version.id  # a ballot on it can be opened at once
    session.commit()

    assert (version.number, version.seq, version.frozen_by_id) == (1, 1, olivia.id)
    assert version.sha256 == DIGEST
    assert version.canonical["blocks"][1]["content"] == [
        text("The "),
        text("three", mark("strong")),
        text(" governments."),
    ]
    assert version.words == 7


def test_the_hash_is_the_one_of_the_stored_form(session, section, olivia):
    section.addressees, section.horizon = "The three governments", "2027"

    version = moves.freeze(section, olivia)
    session.commit()
    session.expire_all()

    [stored] = queries.version_history(section.id)
    assert stored.short_hash == version.sha256[:8]
    assert (
        sha256(queries.latest_version(section.id, undefer(Version.canonical)).canonical)
        == version.sha256
    )
    assert version.sha256 == sha256(
        canonical_form(
            {"type": "doc", "content": [paragraph("First words.")]},
            kind=SectionKind.RECOMMENDATION,
            title=section.title,
            addressees="The three governments",
            horizon="2027",
        )
    )


@pytest.mark.both_databases
def test_a_frozen_section_takes_no_more_words(session, section, olivia):
    moves.freeze(section, olivia)
    session.commit()

    client = new_client_id()
    entry = textlog.Entry(client, 1, seed_update([paragraph("Late.")], client))
    batch = textlog.Batch(
        section.stream_id, stream_of(section).epoch, [entry], {client: olivia.user_id}
    )

    assert textlog.append([batch]) == {}
    assert (section.state, stream_of(section).frozen_by_id) == (
        SectionState.FROZEN,
        olivia.user_id,
    )


@pytest.mark.both_databases
def test_a_second_freeze_is_refused(session, section, olivia):
    moves.freeze(section, olivia)
    session.commit()

    with pytest.raises(WrongStateError, match="Only a draft can be frozen"):
        moves.freeze(section, olivia)

    assert len(queries.version_history(section.id)) == 1


def test_a_reopened_section_is_frozen_to_the_next_version(session, section, olivia):
    first = moves.freeze(section, olivia)
    moves.reopen(section, olivia, " The date was wrong. ")
    session.commit()
    assert (section.state, section.state_reason) == (
        SectionState.DRAFT,
        "The date was wrong.",
    )
    assert stream_of(section).frozen_at is None

    second = moves.freeze(section, olivia)
    session.commit()

    assert (first.number, second.number) == (1, 2)
    assert first.sha256 == second.sha256  # the same words, the same hash


@pytest.mark.parametrize("nothing", ["  ", "\u200b\u3164"])
def test_a_reopening_needs_its_reason(session, section, olivia, nothing):
    moves.freeze(section, olivia)

    with pytest.raises(moves.ReasonMissingError, match="Give a reason"):
        moves.reopen(section, olivia, nothing)


@pytest.mark.parametrize(
    ("before", "move", "sentence"),
    [
        ([], Move.OPEN, "only on a draft or a frozen section"),
        ([], Move.ADOPT, "Only a section in ballot can be adopted"),
        ([Move.OPEN], Move.OPEN, "section’s state is “In ballot”"),
        ([Move.OPEN, Move.REJECT], Move.ADOPT, "section’s state is “Rejected”"),
    ],
)
def test_a_move_from_a_wrong_state_is_refused_with_a_sentence(
    session, section, olivia, before, move, sentence
):
    if before:
        moves.freeze(section, olivia)
    for step in before:
        moves.move(section, step, olivia)

    with pytest.raises(WrongStateError, match=sentence):
        moves.move(section, move, olivia)


def test_a_draft_cannot_be_reopened(session, section, olivia):
    with pytest.raises(WrongStateError, match="already a draft"):
        moves.reopen(section, olivia, "Why not.")


def test_every_move_raises_a_revision_and_is_recorded(session, section, olivia):
    topic = bus.topic(Aspect.STATE, section.stream_id)
    moves.freeze(section, olivia)
    moves.move(section, Move.OPEN, olivia)
    session.commit()
    before = bus.revisions([topic])[topic]

    moves.move(section, Move.ADOPT, None)
    session.commit()

    assert bus.revisions([topic])[topic] == before + 1
    records = session.query(AuditRecord).order_by(AuditRecord.number).all()[-3:]
    assert [(record.action, record.actor) for record in records] == [
        ("section.frozen", f"person:{olivia.user_id}"),
        ("section.in-ballot", f"person:{olivia.user_id}"),
        ("section.adopted", "system"),
    ]


def test_a_text_that_cannot_be_read_is_not_frozen(session, section, olivia, app):
    textlog.append(
        [
            textlog.Batch(
                section.stream_id,
                stream_of(section).epoch,
                [textlog.Entry(5, 1, b"\xff\xff no update")],
                {5: olivia.user_id},
            )
        ]
    )
    session.commit()

    with pytest.raises(UnreadableTextError):
        moves.freeze(section, olivia)
    session.rollback()

    assert (section.state, stream_of(section).frozen_at) == (SectionState.DRAFT, None)
