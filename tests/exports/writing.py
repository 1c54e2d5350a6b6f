"""Builds sections in canonical JSON, a few words at a time."""

from exports.document import Section, State, Version

ADOPTED = State(key="adopted", label="Adopted")


IN_BALLOT = State(key="in_ballot", label="In ballot")


NOTE = (
    "Ministry of Foreign Affairs, *Diplomatic Bluebook* (Tōkyō, 2020), "
    "https://www.mofa.go.jp/policy/other/bluebook/."
)


SENTENCES = (
    "Cooperation among the three rests on institutions that were built for two.",
    "Officials meet often, yet three legislatures rarely leave the same month free.",
    "Public opinion has moved faster than the agreements that should express it.",
    "An exchange of staff would cost little and outlast those who begin it.",
    "The three economies depend on the same sea lanes and the same suppliers.",
    "Scholars from Kyūshū to Busan describe the same obstacle in different words.",
    "No single ministry owns the question, and so every ministry waits.",
    "What works in disaster relief can be tried next in public health.",
)


def text(words, *marks):
    node = {"type": "text", "text": words}
    return (
        {
            **node,
            "marks": [
                {"type": mark} if isinstance(mark, str) else mark for mark in marks
            ],
        }
        if marks
        else node
    )


def note(words=NOTE):
    return {"type": "footnote", "attrs": {"text": words}}


def paragraph(*inline, lang=None):
    content = [text(each) if isinstance(each, str) else each for each in inline]
    node = {"type": "paragraph", "content": content}
    return {**node, "attrs": {"lang": lang}} if lang else node


def heading(level, words):
    return {"type": "heading", "attrs": {"level": level}, "content": [text(words)]}


def block(kind, *content, **attributes):
    node = {"type": kind, "content": list(content)}
    return {**node, "attrs": attributes} if attributes else node


def prose(start, *, notes=0):
    """Five sentences, the last ``notes`` of which carry a footnote each."""
    chosen = [SENTENCES[(start + step) % len(SENTENCES)] for step in range(5)]
    inline = []
    for position, sentence in enumerate(chosen):
        inline.append(text(("" if position == 0 else " ") + sentence))
        if position >= len(chosen) - notes:
            inline.append(note(f"Note {start}-{position}. {NOTE}"))
    return paragraph(*inline)


def section(
    key,
    kind,
    title,
    *blocks,
    number="",
    state=ADOPTED,
    version=1,
    summary=False,
    addressees="",
    horizon="",
):
    return Section(
        key=key,
        kind=kind,
        number=number,
        title=title,
        state=state,
        version=Version(number=version, short_hash=f"{abs(hash_of(key)):08x}"[:8])
        if version
        else None,
        addressees=addressees,
        horizon=horizon,
        summary=summary,
        blocks=tuple(blocks),
    )


def hash_of(key):
    return int.from_bytes(key.encode(), "big") * 2654435761 % 2**32


def table():
    def row(kind, first, *cells):
        def cell(name, words):
            return block(name, paragraph(words))

        return block(
            "table_row",
            cell("table_header", first),
            *(cell(kind, words) for words in cells),
        )

    return block(
        "table",
        row("table_header", "Obstacle", "United States", "Japan", "Republic of Korea"),
        row(
            "table_cell",
            "Legal basis",
            "Executive agreement",
            "Diet approval",
            "Assembly ratification",
        ),
        row("table_cell", "Lead ministry", "State", "外務省", "외교부"),
        row("table_cell", "Budget cycle", "October", "April", "January"),
    )
