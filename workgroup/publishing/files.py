"""Where the finished files lie."""

from pathlib import Path

from flask import current_app
from werkzeug.security import safe_join


def folder() -> Path:
    """Return the folder of the finished files; made when it is missing."""
    path = Path(current_app.config["INSTANCE"]) / "exports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def find(name: str) -> Path | None:
    """Return a finished file that is there."""
    joined = safe_join(str(folder()), name) if name else None
    return Path(joined) if joined and Path(joined).is_file() else None
