"""How a document becomes a PDF, step by step: check, compose, lay out, draw, check the result."""

import hashlib
import logging
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from exports import assets, bounds, characters, engine, fonts
from exports.compose import Composed, compose
from exports.document import Document
from exports.problems import ExportError
from exports.progress import Complaints, StepHandler

# Goes into the fonts if the document has no time of its own: January 1, 1980.
_NO_TIME = 315532800


@dataclass(frozen=True)
class Printed:
    """A finished file in memory."""

    content: bytes
    pages: int

    @property
    def sha256(self) -> str:
        """Return the file's hash, by which an edition is known."""
        return hashlib.sha256(self.content).hexdigest()


def set_pdf(document: Document) -> Printed:
    """Set the document as A4 PDF/UA in some seconds; the same input gives the same bytes.

    Call once in a process: the engine reads its environment when it is imported.

    Raises:
        ExportError: the document cannot be set; says why and where.
    """
    fonts.require_all(fonts.missing())
    characters.refuse_unprintable(document)
    bounds.check(document)
    composed = compose(document)
    readable = assets.collect(document, composed.drawings)
    os.environ["SOURCE_DATE_EPOCH"] = str(_epoch(document))
    with tempfile.TemporaryDirectory(prefix="export-") as scratch:
        fonts.configure(Path(scratch))
        weasyprint = engine.load()
        fetcher = memory_fetcher(weasyprint, readable)
        complaints = _log_steps()
        printed = print_pages(weasyprint, composed, fetcher)
    _check_result(document, fetcher.refused, complaints)
    return printed


def _epoch(document: Document) -> int:
    if not document.created:
        return _NO_TIME
    try:
        return int(datetime.fromisoformat(document.created).timestamp())
    except ValueError as error:
        raise ExportError(
            "bad-document", "document.created must be an ISO time."
        ) from error


def memory_fetcher(weasyprint: Any, readable: dict[str, tuple[bytes, str]]) -> Any:  # noqa: ANN401 - WeasyPrint ships no types
    """Return a fetcher that serves only ``readable`` and records what it refused."""
    base: Any = weasyprint.urls.URLFetcher

    class MemoryFetcher(base):
        """Answers from memory; never opens a file or a connection."""

        def __init__(self) -> None:
            super().__init__()
            self.refused: list[str] = []

        def fetch(self, url: str, _headers: dict[str, str] | None = None) -> Any:  # noqa: ANN401 - as above
            if url not in readable:
                self.refused.append(url)
                raise ValueError(f"{url} is not in memory")
            content, media_type = readable[url]
            headers = {"Content-Type": media_type}
            return weasyprint.urls.URLFetcherResponse(url, content, headers)

    return MemoryFetcher()


def _log_steps() -> Complaints:
    logging.getLogger("weasyprint.progress").setLevel(logging.INFO)
    logging.getLogger("weasyprint.progress").addHandler(StepHandler())
    complaints = Complaints()
    logging.getLogger("weasyprint").addHandler(complaints)
    return complaints


def print_pages(weasyprint: Any, composed: Composed, fetcher: Any) -> Printed:  # noqa: ANN401 - as above
    """Lay out and draw; everything that the page names comes from the fetcher.

    Raises:
        ExportError: a footnote is not where it must be.
    """
    faces = weasyprint.text.fonts.FontConfiguration()
    sheet = weasyprint.CSS(
        string=composed.css,
        base_url=assets.SCHEME,
        url_fetcher=fetcher,
        font_config=faces,
    )
    page = weasyprint.HTML(
        string=composed.html, base_url=assets.SCHEME, url_fetcher=fetcher
    )
    laid_out = page.render(
        font_config=faces, stylesheets=[sheet], pdf_variant="pdf/ua-1"
    )
    pages = [page._page_box for page in laid_out.pages]  # noqa: SLF001 - no public way to the notes
    notes = [number for page in pages for number in engine.numbers_of_notes(page)]
    if notes != list(range(1, composed.notes + 1)):
        raise ExportError("engine", "The layout engine lost or mixed up a footnote.")
    content = laid_out.write_pdf(pdf_variant="pdf/ua-1", custom_metadata=False)
    return Printed(content, len(pages))


def _check_result(
    document: Document, refused: list[str], complaints: Complaints
) -> None:
    """Refuse a file that lacks something.

    Raises:
        ExportError: a character has no glyph, or the engine requested something else or warned.
    """
    if complaints.glyphs:
        raise characters.missing_glyph(document, complaints.glyphs[0])
    if refused:
        raise ExportError(
            "blocked-address",
            f"The report asks for {refused[0]}, which is not part of it.",
        )
    if complaints.others:
        raise ExportError(
            "engine", f"The layout engine complains: {complaints.others[0]}"
        )
