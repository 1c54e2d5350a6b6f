import dataclasses
import subprocess

from PIL import Image

from exports.document import Status
from tests.exports.child import export
from tests.exports.conftest import page_texts
from tests.exports.sample import sample
from tests.exports.writing import paragraph, section


def small(status, **changes):
    """A report of one chapter."""
    whole = sample(status)
    chapter = section("one", "chapter", "One", paragraph("Words."), number="1")
    nothing = {"decisions": (), "delegations": (), "assets": ()}
    return dataclasses.replace(whole, **{"sections": (chapter,)} | nothing | changes)


def test_a_draft_says_so_on_every_page(pages):
    assert all("DRAFT" in page for page in pages)


def test_a_draft_has_its_word_across_every_page(draft, tmp_path):
    command = ["pdftoppm", "-r", "15", "-png", str(draft.target), str(tmp_path / "p")]
    subprocess.run(command, check=True)

    for page in sorted(tmp_path.glob("*.png")):
        with Image.open(page) as image:
            red, green, _ = (
                channel.tobytes() for channel in image.convert("RGB").split()
            )
        # Reddish letters on white, lighter ones on the dark cover.
        letters = sum(
            (r > 200 and r > g + 8) or 40 < r < 90
            for r, g in zip(red, green, strict=True)
        )
        assert letters > 300, page.name


def test_a_final_report_says_nowhere_that_it_is_a_draft(engine, tmp_path):
    run = export(small(Status.FINAL), tmp_path)

    texts = page_texts(run.target)
    assert "Final report" in texts[0]
    assert not any("DRAFT" in text for text in texts)


def test_the_same_document_gives_the_same_bytes(engine, draft, document, tmp_path):
    again = export(document, tmp_path, PYTHONHASHSEED="7")

    assert again.last["sha256"] == draft.last["sha256"]
    assert again.target.read_bytes() == draft.target.read_bytes()
