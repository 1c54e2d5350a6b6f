"""Styles, scripts, fonts and icons, at addresses that change with their bytes.

A hash over all files is part of every file's address. So a browser may cache a file forever,
and a file that refers to another by a relative address (an import in a module, a font in a
style sheet) gets the one of the same build, never an older one from the cache. A hash for
each file would save a few requests after an upgrade, but then every import would have to be
rewritten: browsers that we support lack import maps.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, current_app

from workgroup.web import public

FOLDER = Path(__file__).parent / "static"
ROOT = "/static/"
HASH_DIGITS = 16


@cache
def address_of(folder: Path) -> str:
    """Return the address under which a folder's files are served; it changes with any file.

    The files are read once in each process (1.5 MB, 10 ms), so a changed file shows after
    the next start, like a changed template.
    """
    seen = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for part in (path.relative_to(folder).as_posix().encode(), path.read_bytes()):
            seen.update(len(part).to_bytes(8) + part)
    return ROOT + seen.hexdigest()[:HASH_DIGITS]


def init_app(app: Flask) -> None:
    """Serve the files; Flask's own route accepts only the current address.

    Templates write ``asset("icons/icons.svg")`` instead of ``url_for``: the page of a long
    discussion names icons 200 times, and ``url_for`` took half of its rendering time.
    """
    app.jinja_env.globals["asset"] = lambda name: f"{app.static_url_path}/{name}"
    app.add_url_rule(
        f"{ROOT}<build>/<path:filename>", "file_of_another_build", file_of_another_build
    )


@public
def file_of_another_build(build: str, filename: str) -> Response:  # noqa: ARG001 - any
    """Serve the current file to a page from before an upgrade; its browser must not cache it."""
    return current_app.send_static_file(filename)
