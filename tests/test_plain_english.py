"""Code, comments, tests and documents are in plain technical English."""

import re

from tests.servers import ROOT

# Words of a dialect that this project once wrote, and what an engineer writes instead.
DIALECT = {
    r"anew": "again",
    r"whoever": "anyone who, people who",
    r"for ever": "forever",
    r"any more(?= [a-z]+s\b)|(?<=is )any more|not \w+ any more": "no longer",
    r"(?<!not )\bso many(?! that)": "this many",
    r"takes long(?!er)|took long(?!er)": "is slow",
    r"(is|are|was|were) let in|lets? \w+ in(?! )": "is accepted",
    r"goes on on": "continues on",
    r"in the stead": "instead",
    r"over all(?! \w)": "overall",
    # "After" or "past" in a sequence, "under" a lock. Things can be behind a proxy.
    r"(rows?|words?|letters?|units?|runs?|snapshots?|log|one|those) behind (it|them|the other|"
    r"another|a number|a cursor|a snapshot|a freeze|words)": "after",
    r"(?<=[#;,.] )behind that|behind (the (chain|cohort|section)['’]s lock|a cursor)": "beyond, under, from",
    r"hears? of (it|this)": "learns of it",
}
# The same, in a sense that a sentence of a page may have: "Please tell your operator."
OF_NOTICES = {
    r"(is|are|be|been|being|was|were) told(?! apart)": "is notified, learns, is sent",
    r"tells? (every|each|only|all|neither|both|nobody)": "notify, send, call",
    r"sa(y|ys|id) (it|this|that|so) to": "reports it to",
    r"has told": "has sent, has reported",
}
FOLDERS = (
    *(
        "app.py",
        "workgroup",
        "exports",
        "templates",
        "migrations",
        "tests",
        "benchmarks",
    ),
    *("docs", "frontend/README.md", "frontend/src", "frontend/test", "Makefile"),
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md"),
)
READ = sorted(
    path
    for top in FOLDERS
    for path in ((ROOT / top).rglob("*") if (ROOT / top).is_dir() else [ROOT / top])
    if path.is_file()
    and (
        path.suffix in {".py", ".md", ".js", ".mjs", ".html", ".txt", ".css"}
        or top == "Makefile"
    )
    # Built, other people's, invented people's, and the lists of such words themselves.
    and not re.search(
        r"static/(editor|vendor|fonts)/|demo/data/|migrations/recorded/|__pycache__"
        r"|tests/test_(plain_english|catalogue|architecture)\.py$",
        str(path),
    )
)


def odd_words(path):
    """Return place and word → what to write instead."""
    # Instances have run the migrations, so they are edited no more.
    words = DIALECT if "migrations" in path.parts else DIALECT | OF_NOTICES
    text, inside = path.read_text(), path.relative_to(ROOT)
    return {
        f"{inside}:{text.count(chr(10), 0, found.start()) + 1}: {found.group()}": f"write {better!r}"
        for word, better in words.items()
        for found in re.finditer(rf"(?i)\b(?:{word})\b", text)
    }


def test_every_file_is_in_plain_english():
    assert {
        place: word for path in READ for place, word in odd_words(path).items()
    } == {}
