"""The demonstration's accounts: random passwords, kept in the instance for its owner."""

import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "demo-accounts.json"
PASSWORD_BYTES = 9  # 12 characters to type


@dataclass(frozen=True)
class Account:
    """What somebody needs to sign in as one of the demonstration's people."""

    address: str
    role: str  # as printed beside the address: "member, US"
    password: str


def new_password() -> str:
    """Draw a password that is easy to copy."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


def save(instance: Path, accounts: Iterable[Account]) -> None:
    """Write the accounts into the instance, readable by its owner alone."""
    path = instance / FILE
    path.unlink(missing_ok=True)  # a file that is there would keep its own mode
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump([asdict(account) for account in accounts], file, indent=2)


def load(instance: Path) -> list[Account]:
    """Read the accounts; none where the instance holds no demonstration."""
    path = instance / FILE
    if not path.exists():
        return []
    return [Account(**row) for row in json.loads(path.read_text(encoding="utf-8"))]


def table(accounts: Iterable[Account]) -> str:
    """Write the accounts in columns, for a terminal."""
    rows = [(account.address, account.role, account.password) for account in accounts]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )
