"""The demonstration's data files as dataclasses. Nothing here touches a database."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workgroup.accounts.models import NameOrder, Sector
from workgroup.cohorts.roles import Role
from workgroup.deciding.rules import Position, Rule
from workgroup.demo.markdown import Node, blocks
from workgroup.drafting.states import SectionKind

Table = dict[str, Any]  # as tomllib returns it; the dataclasses that it fills check it

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, kw_only=True)
class Person:
    """One invented person with a place in the cohort."""

    key: str  # the name that ballots and threads use for this person
    name: str
    name_order: NameOrder
    address: str
    roles: frozenset[Role]
    affiliation: str
    sector: Sector
    zone: str
    native_name: str = ""
    delegation: str | None = None
    subgroup: str | None = None


@dataclass(frozen=True, kw_only=True)
class SectionText:
    """One section as its file has it, converted to blocks."""

    key: str  # the file's name without its ending
    title: str
    kind: SectionKind
    subgroup: str
    content: list[Node]
    addressees: tuple[str, ...] = ()
    horizon: str = ""


@dataclass(frozen=True, kw_only=True)
class BallotText:
    """One ballot; times in days before the loading, ``closes_in`` in days after it."""

    section: str
    opened: float
    rest: Position  # the position of all who are not named
    closed: float | None = None
    closes_in: float | None = None
    absent: tuple[str, ...] = ()
    # Key: position, reason.
    votes: dict[str, tuple[Position, str]] = field(default_factory=dict)

    def position_of(self, key: str) -> tuple[Position, str] | None:
        """Return the position and reason of a member, None for one who did not vote."""
        if key in self.absent:
            return None
        return self.votes.get(key, (self.rest, ""))


@dataclass(frozen=True, kw_only=True)
class CommentText:
    """One reply in a thread."""

    by: str
    days: float
    text: str


@dataclass(frozen=True, kw_only=True)
class ThreadText:
    """One discussion anchored to words of a section."""

    section: str
    quote: str
    by: str
    opened: float
    text: str
    frozen: bool
    comments: tuple[CommentText, ...]
    resolved: tuple[str, float] | None


@dataclass(frozen=True, kw_only=True)
class CohortText:
    """All of the demonstration."""

    name: str
    slug: str
    founded: float
    notice: str
    delegations: tuple[tuple[str, str], ...]
    subgroups: tuple[str, ...]
    people: tuple[Person, ...]
    report: dict[str, str]
    rule: Rule
    ballots: tuple[BallotText, ...]
    threads: tuple[ThreadText, ...]
    sections: tuple[SectionText, ...]

    def section(self, key: str) -> SectionText:
        """Find the section of that file name."""
        return next(section for section in self.sections if section.key == key)


def read(folder: Path = DATA) -> CohortText:
    """Read ``cohort.toml`` and every section beside it, in the order of their names."""
    with (folder / "cohort.toml").open("rb") as file:
        given = tomllib.load(file)
    return CohortText(
        **given["cohort"],
        delegations=tuple((row["code"], row["name"]) for row in given["delegations"]),
        subgroups=tuple(row["name"] for row in given["subgroups"]),
        people=tuple(map(_person, given["people"])),
        report=given["report"],
        rule=Rule.from_json(given["rule"]),
        ballots=tuple(map(_ballot, given["ballots"])),
        threads=tuple(map(_thread, given["threads"])),
        sections=tuple(_section(path) for path in sorted(folder.glob("[0-9]*.md"))),
    )


def _person(row: Table) -> Person:
    typed = {
        "name_order": NameOrder(row["name_order"]),
        "roles": frozenset(map(Role, row["roles"])),
        "sector": Sector(row["sector"]),
    }
    return Person(**{**row, **typed})


def _ballot(row: Table) -> BallotText:
    votes = {
        vote["who"]: (Position(vote["position"]), vote.get("reason", ""))
        for vote in row.get("votes", ())
    }
    typed = {
        "rest": Position(row["rest"]),
        "absent": tuple(row.get("absent", ())),
        "votes": votes,
    }
    return BallotText(**{**row, **typed})


def _thread(row: Table) -> ThreadText:
    resolved = row.get("resolved")
    return ThreadText(
        section=row["section"],
        quote=row["quote"],
        by=row["by"],
        opened=row["opened"],
        text=row["text"],
        frozen=row.get("frozen", False),
        comments=tuple(CommentText(**comment) for comment in row.get("comments", ())),
        resolved=(resolved["by"], resolved["days"]) if resolved else None,
    )


def _section(path: Path) -> SectionText:
    """Read one file: TOML between two lines of +++, then Markdown."""
    _, head, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    front = tomllib.loads(head)
    front["kind"] = SectionKind(front["kind"])
    front["addressees"] = tuple(front.get("addressees", ()))
    return SectionText(key=path.stem, content=blocks(body), **front)
