"""What the doctor finds: one thing that was examined, and how much it matters. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One thing that was examined, with its grade."""

    grade: Grade
    sentence: str

    @property
    def color(self) -> str:
        """The terminal's color for the grade."""
        return {Grade.OK: "green", Grade.WARN: "yellow", Grade.BAD: "red"}[self.grade]


def ok(sentence: str) -> Finding:
    """Return a finding that requires nothing."""
    return Finding(Grade.OK, sentence)


def warn(sentence: str) -> Finding:
    """Return a finding that the operator should look at."""
    return Finding(Grade.WARN, sentence)


def bad(sentence: str) -> Finding:
    """Return a finding that must be fixed before people use the site."""
    return Finding(Grade.BAD, sentence)
