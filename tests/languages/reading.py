"""What a person reads on a page or in a mail, and what of it is no sentence of the language."""

import re
from html.parser import HTMLParser

OPEN, CLOSE = "⟦", "⟧"
WHOLE = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
WORD = re.compile(r"[A-Za-z]{2,}")
SPOKEN = ("aria-label", "aria-description", "title", "placeholder", "alt")
UNREAD = {"script", "style", "svg", "code"}
# Lists of names that no catalogue holds: those of zones, and of languages in themselves.
DATA = {"time_zone", "language"}


class Reading(HTMLParser):
    """Collects all that is seen or read aloud, and what buttons ask before they act."""

    def __init__(self, page):
        super().__init__()
        self.texts = []
        self.within = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        for name, value in attributes:
            is_words = name in SPOKEN or (
                name.startswith("data-") and " " in (value or "")
            )
            if is_words and value and name not in {"data-quote", "data-title"}:
                self.texts.append(value)
        if found.get("type") == "submit" and tag == "input":
            self.texts.append(found.get("value", ""))
        if (
            tag in UNREAD
            or (tag == "select" and is_data(found))
            or ("lang" in found and tag != "html")
        ):
            self.within.append(tag)

    def handle_endtag(self, tag):
        if self.within and self.within[-1] == tag:
            self.within.pop()

    def handle_data(self, data):
        if not self.within and data.strip():
            self.texts.append(data)


def is_data(attributes):
    return {attributes.get("name"), attributes.get("data-command")} & DATA


def outside(words, known=()):
    """Return the Latin words that stand in no sentence of the catalogue.

    Args:
        words: what somebody reads.
        known: patterns of what people wrote: names, titles.
    """
    for one in known:
        words = re.sub(one, "", words)
    before = None
    while before != words:
        before, words = words, WHOLE.sub("", words)
    words = re.sub(r"\S+@\S+|https?://\S+", "", words)
    return WORD.findall(words)


def untranslated(page, known=()):
    """Return what stands in English on a page.

    All texts are examined together: tags may cut a sentence, and in the order of
    the page its brackets close again.
    """
    return outside("\x00".join(Reading(page).texts), known)
