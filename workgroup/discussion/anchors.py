"""Where the threads of a section are anchored in its text, for readers without the editor."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workgroup.discussion import queries, quotations
from workgroup.discussion.models import Thread
from workgroup.discussion.queries import Talk
from workgroup.drafting.canonical import plain_text
from workgroup.drafting.inline import Passage
from workgroup.drafting.models import Section
from workgroup.textlog.documents import UnreadableTextError, read_document

Blocks = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Card:
    """A thread as the rail shows it."""

    thread: Thread
    talk: Talk  # its comments
    anchor: str  # in the editor's terms: mark, quote or section
    gone: bool  # its words are no longer in the text

    @property
    def hidden(self) -> int:
        """How many comments between the first and the others shown are left out."""
        return max(0, self.talk.start - 2)


def cards(
    section: Section,
    threads: Sequence[Thread],
    *,
    look: bool,
    talks: Mapping[int, Talk] | None = None,
) -> list[Card]:
    """Return the cards of some threads of a section, the open ones first (one query).

    Args:
        section: the section, its stream loaded.
        threads: some of its threads.
        look: read the text to find whose words are gone (up to 150 ms); an editor on
            the page knows that by itself.
        talks: the comments to show; left out, the first and the last of each.
    """
    talks = talks or queries.talks(threads)
    gone = lost(section, threads) if look and threads else set()
    shown = [
        Card(one, talks[one.id], anchor(one), one.public_id in gone) for one in threads
    ]
    return sorted(shown, key=lambda card: card.thread.resolved_at is not None)


def anchor(thread: Thread) -> str:
    """Return what anchors a thread to the text: its mark, its quotation, or only the section."""
    if not thread.quote:
        return "section"
    return "mark" if thread.marked else "quote"


def lost(section: Section, threads: Sequence[Thread]) -> set[str]:
    """Return the public ids of the threads whose words are no longer in the section's text."""
    try:
        blocks = read_document(section.stream).get("content", [])
    except UnreadableTextError:
        return set()  # the text is not known, so no words are claimed to be gone
    marked, text = marks(blocks), plain_text(blocks)
    return {
        one.public_id
        for one in threads
        if (anchor(one) == "mark" and one.public_id not in marked)
        or (anchor(one) == "quote" and _place(one, text) is None)
    }


def passages(blocks: Blocks, threads: Iterable[Thread]) -> list[Passage]:
    """Return the ranges of a text that threads quote and no mark covers.

    A frozen text has no marks, so every thread on it is found by its words.
    """
    marked, text = marks(blocks), plain_text(blocks)
    found = [
        (one.public_id, _place(one, text))
        for one in threads
        if one.public_id not in marked
    ]
    return [
        Passage(thread=public_id, start=place[0], end=place[1])
        for public_id, place in found
        if place
    ]


def marks(nodes: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the public ids in all comment marks of a document; older ones are numbers."""
    found: set[str] = set()
    for node in nodes:
        for mark in node.get("marks", ()):
            if mark["type"] == "comment":
                found.add(str((mark.get("attrs") or {}).get("id", "")))
        found |= marks(node.get("content", ()))
    return found


def _place(thread: Thread, text: str) -> tuple[int, int] | None:
    return quotations.find(text, thread.quote, thread.prefix, thread.suffix)
