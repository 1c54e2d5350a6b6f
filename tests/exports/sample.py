"""A report with everything that can be printed, for tests and measurement."""

import base64
import io

from PIL import Image, ImageDraw

from exports.document import Asset, Document, Kind, Line, State, Status
from tests.exports.records import FURNITURE, decisions, delegations
from tests.exports.writing import (
    ADOPTED,
    IN_BALLOT,
    SENTENCES,
    block,
    heading,
    note,
    paragraph,
    prose,
    section,
    table,
    text,
)

JAPANESE = (
    "本作業部会は、三か国が災害時の物資輸送手続を共通化し、"
    "訓練の結果を毎年公表することを提言する。"
)


KOREAN = (
    "한국 측 위원들은 재난 구호 물자의 통관 절차를 간소화하고, "
    "공동 훈련의 결과를 해마다 공개할 것을 제안하였다."
)


def photograph():
    image = Image.new("RGB", (1200, 640), "#DCE7F0")
    draw = ImageDraw.Draw(image)
    for index in range(12):
        draw.ellipse(
            (100 * index - 200, 260 + 20 * index, 100 * index + 260, 800),
            fill=(20 + 9 * index, 48 + 9 * index, 79 + 9 * index),
        )
    held = io.BytesIO()
    image.save(held, "PNG")
    return Asset(
        name="harbour",
        media_type="image/png",
        data=base64.b64encode(held.getvalue()).decode(),
    )


def chapters():
    link = {
        "type": "link",
        "attrs": {"href": "https://example.org/agenda?year=2021&part=1"},
    }
    reference = {
        "type": "cross_reference",
        "attrs": {"target": "relief", "label": "Recommendation 1"},
    }
    items = [block("list_item", paragraph(SENTENCES[index])) for index in range(3)]
    nested = block(
        "list_item",
        paragraph("Two things come first:"),
        block("ordered_list", *items[:2]),
    )
    image = {
        "type": "image",
        "attrs": {
            "src": "harbour",
            "alt": "Hills above a harbour",
            "caption": "The harbour at Pusan, drawn.",
            "credit": "A. Drawer",
            "licence": "CC BY 4.0",
        },
    }
    return [
        section(
            "summary",
            Kind.FRONT,
            "Executive summary",
            paragraph(
                "Three democracies that share so much still cooperate two by two. "
                "This report says what each could do at home to change that."
            ),
            prose(0, notes=1),
            heading(1, "What we found"),
            block("bullet_list", *items, nested),
            summary=True,
        ),
        section(
            "constraints",
            Kind.CHAPTER,
            "Domestic constraints in three capitals",
            heading(2, "Why the home front comes first"),
            prose(0, notes=1),
            paragraph(
                "We see ",
                text("three", "em"),
                " obstacles, of which ",
                text("one", "strong"),
                " is ",
                text("legal", "em", "strong"),
                "; the ",
                text("agenda of 2021", link),
                text(" (", link),
                text("short", link, "em"),
                text(")", link),
                " names them, and ",
                reference,
                " answers one.",
                {"type": "hard_break"},
                "They are not ",
                text("new", {"type": "comment", "attrs": {"id": "7"}}),
                ".",
            ),
            heading(3, "A heading that would skip a level"),
            prose(3, notes=2),
            block("blockquote", paragraph(JAPANESE, lang="ja")),
            prose(5),
            block("blockquote", paragraph(KOREAN, lang="ko")),
            heading(1, "What the record shows"),
            prose(1, notes=3),
            table(),
            *[prose(start, notes=start % 4) for start in range(2, 9)],
            number="1",
        ),
        section(
            "publics",
            Kind.CHAPTER,
            "Publics, parliaments and the press",
            prose(2, notes=5),
            prose(4, notes=5),
            prose(6, notes=5),
            prose(7, notes=5),
            image,
            prose(1),
            block("ordered_list", *items, order=3),
            {"type": "horizontal_rule"},
            paragraph(
                "The word ",
                text("shall", "deletion"),
                text("should", "insertion"),
                " was chosen in ",
                text("東京", {"type": "lang", "attrs": {"lang": "ja"}}),
                ".",
            ),
            number="2",
        ),
    ]


def recommendations(last_state):
    return [
        section(
            "relief",
            Kind.RECOMMENDATION,
            "Hold one relief exercise a year",
            paragraph(
                "The three governments should hold one joint exercise in relief "
                "every year and publish what it taught.",
                note(),
            ),
            prose(3),
            heading(1, "First steps"),
            prose(4, notes=1),
            number="1",
            addressees="Ministries of foreign affairs and defence; 防衛省; 국방부",
            horizon="Within 12 months",
        ),
        section(
            "space",
            Kind.RECOMMENDATION,
            "Share what each sees in orbit",
            paragraph(
                "Space agencies should open one catalogue of debris to each other."
            ),
            prose(5),
            number="2",
            version=2,
            addressees="NASA, JAXA, KARI",
            horizon="Within 24 months",
        ),
        section(
            "women",
            Kind.RECOMMENDATION,
            "Measure who sits at the table",
            paragraph(
                "Every delegation should report the share of women among its members."
            ),
            prose(6, notes=1),
            number="3",
            state=last_state,
            addressees="Conveners of Track-II dialogues",
            horizon="From the next cycle",
        ),
    ]


def sample(status=Status.DRAFT):
    last_state = IN_BALLOT if status is Status.DRAFT else ADOPTED
    annex = section(
        "annex",
        Kind.APPENDIX,
        "How we worked",
        prose(2),
        number="A",
        version=None if status is Status.DRAFT else 1,
        state=State(key="draft", label="Draft") if status is Status.DRAFT else ADOPTED,
    )
    return Document(
        language="en",
        title="Three Capitals, One Agenda",
        subtitle="What the United States, Japan and Korea can do at home",
        body="Trilateral Working Group 2026",
        date="22 November 2026",
        status=status,
        imprint=(
            Line(label="Convened by", text="Committee on Pacific Policy"),
            Line(label="Funded by", text="The Harbor Foundation"),
            Line(label="Mentors", text="Prof. Yūko Hayashi, Amb. Walter Reyes"),
            Line(label="Staff", text="Anna Berg"),
            Line(
                label="Disclaimer",
                text="The views are those of the members and of no government.",
            ),
        ),
        opinions_notice="The opinions expressed are those of the individual authors.",
        invented_notice="The people in this report are invented.",
        sections=(*chapters(), *recommendations(last_state), annex),
        decisions=tuple(decisions()),
        delegations=tuple(delegations()),
        furniture=FURNITURE,
        assets=(photograph(),),
        created="2026-11-22T03:00:00+00:00",
    )
