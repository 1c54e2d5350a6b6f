"""What a reader may see of a person, on each surface of a cohort. Pure.

Every name on a page, in a frame, a mail or a file comes from ``show``. An e-mail address is
never used as a name. And a hidden person leaves nothing by which two of his or her traces
could be linked: no id, initials, color or delegation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

COLORS = 8  # the style sheet has a class for each
SCRIPTS = {"ja", "ko", "zh"}  # whose names have no spaces to take initials from


class Surface(StrEnum):
    """Where people are shown; a cohort decides how for each surface but the last."""

    LIVE = "live"  # cursors and who is in the room
    COMMENTS = "comments"
    HISTORY = "history"  # who froze, opened, reopened, asked for a file
    VOTES = "votes"  # who has voted, and how once a ballot has ended
    PRINT = "print"  # the list of members in the file
    PEOPLE = "people"  # who is in the cohort, and the log that organizers ask for


class Mode(StrEnum):
    """How much of a name a surface shows, from all to nothing."""

    NAMED = "named"
    DELEGATION = "delegation"
    NONE = "none"


DECIDED = tuple(surface for surface in Surface if surface is not Surface.PEOPLE)
HIDING = tuple(Mode)  # in the order of what they hide


class Trace(StrEnum):
    """What people leave in a cohort, each under the naming that was promised at the time."""

    WORDS = "words"  # of a text
    COMMENT = "comment"
    VERSION = "version"  # somebody froze it
    EXPORT = "export"  # somebody asked for it
    VOTE = "vote"


# People who write words rely on what is promised for the history and for the file, too.
PROMISED: Mapping[Trace, frozenset[Surface]] = {
    Trace.WORDS: frozenset({Surface.LIVE, Surface.HISTORY, Surface.PRINT}),
    Trace.COMMENT: frozenset({Surface.COMMENTS, Surface.PRINT}),
    Trace.VERSION: frozenset({Surface.HISTORY}),
    Trace.EXPORT: frozenset({Surface.HISTORY}),
    Trace.VOTE: frozenset({Surface.VOTES, Surface.PRINT}),
}


def shows_more(new: Mode, old: Mode) -> bool:
    """Return whether a change would show more of a name than was promised."""
    return HIDING.index(new) < HIDING.index(old)


def exposed(
    trace: Trace, *, seen: Mapping[Surface, Mode], now: Mapping[Surface, Mode]
) -> list[Surface]:
    """List the surfaces that would show more of a name than the page of its bearer stated.

    A surface of which the page stated nothing was promised to show nothing.
    """
    return [
        one
        for one in DECIDED
        if one in PROMISED[trace] and shows_more(now[one], seen.get(one, Mode.NONE))
    ]


def can_mark(modes: Mapping[Surface, Mode]) -> bool:
    """Return whether a comment may be anchored by a mark in the text.

    Every editor receives the mark with the number of the editor that has set it, and that
    number also stands beside that editor's words and is where its cursor was. So a mark ties a
    comment to words: where either is not named, it would name them or link them.
    """
    both = Surface.LIVE, Surface.COMMENTS
    return all(modes[surface] is Mode.NAMED for surface in both)


def written(modes: Mapping[Surface, Mode]) -> str:
    """Write how a cohort names people as the value of a form's field."""
    return ",".join(modes[one] for one in DECIDED)


def read(field: str) -> dict[Surface, Mode]:
    """Return what ``written`` wrote; nothing where that cannot be read."""
    try:
        return dict(zip(DECIDED, map(Mode, field.split(",")), strict=True))
    except ValueError:
        return {}


@dataclass(frozen=True, slots=True)
class Person:
    """What must be known of a person in order to show a name."""

    user_id: int
    printed: str
    native: str = ""  # in the order in which its bearer writes it
    native_language: str = ""
    family_first: bool = False  # in the native form
    code: str = ""  # of the delegation; empty for staff
    delegation: str = ""  # its name


@dataclass(frozen=True, slots=True)
class Reader:
    """The person who reads."""

    user_id: int | None  # none: everybody, as in a file
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """What is shown in place of a name, in the reader's language."""

    not_given: str
    you: str
    somebody: str
    staff: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of a person; templates print it directly, with its language."""

    text: str
    lang: str = ""  # of the text, where it is not the page's
    initials: str = ""  # empty: no badge
    color: int | None = None
    code: str = ""
    is_named: bool = True

    def __str__(self) -> str:
        """Return the bare words."""
        return self.text

    def __html__(self) -> Markup:
        """Return the words as a page shows them, so that each language breaks its lines."""
        if not self.lang:
            return Markup.escape(self.text)
        return Markup('<span lang="{}">{}</span>').format(self.lang, self.text)


def show(person: Person, reader: Reader, mode: Mode, words: Words) -> Shown:
    """Return what a reader may see of a person where a surface has this mode."""
    if mode is Mode.NAMED:
        return _named(person, reader, words)
    own = person.user_id == reader.user_id
    if mode is Mode.DELEGATION:
        text = person.delegation or words.staff
        return Shown(
            f"{words.you} · {text}" if own else text,
            initials=person.code or words.staff[:1],
            code=person.code,
            is_named=False,
        )
    return Shown(words.you if own else words.somebody, is_named=False)


def _named(person: Person, reader: Reader, words: Words) -> Shown:
    text, lang = written_name(person, reader)
    return Shown(
        text or words.not_given,
        lang=lang,
        initials=_initials(text, lang, family_first=person.family_first),
        color=person.user_id % COLORS,
        code=person.code,
    )


def written_name(person: Person, reader: Reader) -> tuple[str, str]:
    """Return a name and its language, where that is not the page's.

    A reader of the native name's language sees that form, everybody else the printed one.
    Both keep the order that their bearer chose.
    """
    language = person.native_language or "und"
    readable = person.native_language == reader.language != "en"
    if person.native and (readable or not person.printed):
        return person.native, "" if readable else language
    return person.printed, ""


def other_form(person: Person, reader: Reader) -> Shown | None:
    """Return the other form of a name that has two."""
    text, _ = written_name(person, reader)
    if not (person.native and person.printed):
        return None
    if text == person.native:
        return Shown(person.printed)
    return Shown(person.native, lang=person.native_language or "und")


def _initials(text: str, lang: str, *, family_first: bool) -> str:
    parts = text.split()
    if not parts:
        return "?"
    if lang in SCRIPTS or (not text.isascii() and _is_east_asian(text)):
        return parts[0][0] if family_first or len(parts) == 1 else parts[-1][0]
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


def _is_east_asian(text: str) -> bool:
    return any(
        "\u3041" <= one <= "\u9fff" or "\uac00" <= one <= "\ud7a3" for one in text
    )


NAMED_EVERYWHERE: Mapping[Surface, Mode] = dict.fromkeys(Surface, Mode.NAMED)
