"""Styles, scripts, fonts and icons, at addresses that change with their bytes.

One hash over all files stands in front of every file's name. So a browser may keep a file
for as long as it likes, and what names another file by a relative address (an import of a
module, a font in a style) gets the one of the same build, never an older one of its own.
A hash for each file would save a few requests after an upgrade, but every import would have
to be rewritten: import maps are missing in browsers that we support.
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
    """Return where a folder's files are served; a change of any file changes it.

    The files are read once in each process (1.5 MB, 10 ms), so a change of one shows
    after the next start, as a change of a template does.
    """
    seen = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for part in (path.relative_to(folder).as_posix().encode(), path.read_bytes()):
            seen.update(len(part).to_bytes(8) + part)
    return ROOT + seen.hexdigest()[:HASH_DIGITS]


def init_app(app: Flask) -> None:
    """Serve the files; Flask's own route takes the present address only.

    Templates write ``asset("icons/icons.svg")``: a page of a long discussion names its
    icons 200 times, and ``url_for`` would take half of the time that its template takes.
    """
    app.jinja_env.globals["asset"] = lambda name: f"{app.static_url_path}/{name}"
    app.add_url_rule(
        f"{ROOT}<build>/<path:filename>", "file_of_another_build", file_of_another_build
    )


@public
def file_of_another_build(build: str, filename: str) -> Response:  # noqa: ARG001 - any
    """Give a page from before an upgrade the present file, which its browser must not keep."""
    return current_app.send_static_file(filename)
