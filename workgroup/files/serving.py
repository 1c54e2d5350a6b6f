"""Serving a stored file: whole, in part, or not at all because the browser has it.

The calling view checks who may have it; nothing here does.
"""

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import FileWrapper

from workgroup.database import db
from workgroup.files.models import StoredFile
from workgroup.files.names import disposition
from workgroup.files.reader import Reader
from workgroup.web import set_caching

CHUNK_BYTES = 64 * 1024  # the server keeps some chunks ready for a slow client
# An uploaded file must not act as a page of ours.
CONTENT_SECURITY_POLICY = "sandbox; default-src 'none'"


def serve(
    file: StoredFile, name: str, *, download: bool = True, kept: bool = False
) -> Response:
    """Answer the current request with a file, whose bytes are read as the client takes them.

    Args:
        file: what is served.
        name: under which it is saved; made safe here.
        download: saved rather than shown.
        kept: the browser may keep it and ask whether it has changed; else it must not
            store it.
    """
    reader = Reader(db.engine, file)
    response = Response(
        FileWrapper(reader, CHUNK_BYTES),  # type: ignore[arg-type]  # it reads and seeks
        content_type=file.media_type,
        direct_passthrough=True,
    )
    response.content_length = file.size
    response.set_etag(file.sha256)
    response.headers["Content-Disposition"] = disposition(name, download=download)
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    set_caching(response, f"private, no-{'cache' if kept else 'store'}")
    try:
        response.make_conditional(
            request.environ, accept_ranges=_wants_one_part(), complete_length=file.size
        )
    except RequestedRangeNotSatisfiable:
        return Response(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    response.headers["Accept-Ranges"] = "bytes"
    return response


def _wants_one_part() -> bool:
    """Return whether the request asks for a single range; anything else gets the whole file."""
    asked = request.headers.get("Range", "")
    return request.method == "GET" and asked.startswith("bytes=") and "," not in asked
