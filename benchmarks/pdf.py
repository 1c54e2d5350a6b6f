"""CPU of ``python -m exports`` beside bare WeasyPrint on the same HTML.

    python -m benchmarks.pdf [DOCUMENT.json] [--repeats N]

Without a document it is the demonstration's report, out of a fresh instance. Both run
as children, by turns; what counts is the CPU seconds of the whole child.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from flask_migrate import upgrade

from app import create_app
from exports.compose import compose
from exports.document import Document
from workgroup import clock, config
from workgroup.database import db
from workgroup.demo import services as demo
from workgroup.publishing import queries
from workgroup.publishing.assemble import assemble

ROOT = Path(__file__).parents[1]
TARGET = 1.25

# What a plain user of WeasyPrint would run: same HTML, styles, fonts and drawings.
BARE = """
import sys
from pathlib import Path
from weasyprint import HTML
folder = Path(sys.argv[1])
page = HTML(string=(folder / "page.html").read_text(), base_url=str(folder))
page.write_pdf(folder / "bare.pdf", pdf_variant="pdf/ua-1")
"""


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("document", nargs="?", type=Path)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        document = prepare(options.document, folder)
        ours = [sys.executable, "-m", "exports", str(document), str(folder / "o.pdf")]
        bare = [sys.executable, "-c", BARE, str(folder)]
        times = [(cpu_seconds(ours), cpu_seconds(bare)) for _ in range(options.repeats)]
    report(times)


def prepare(given: Path | None, folder: Path) -> Path:
    """Write the document, and for bare WeasyPrint its page with styles and drawings."""
    source = folder / "document.json"
    if given:
        document = Document.from_json(json.loads(given.read_text()))
    else:
        document = demo_report(folder / "instance")
    source.write_text(json.dumps(document.to_json()))
    composed = compose(document)
    css = composed.css.replace("asset:fonts/", (ROOT / "exports/fonts").as_uri() + "/")
    for name, drawing in composed.drawings.items():
        (folder / name).write_text(drawing)
    css = css.replace("asset:", folder.as_uri() + "/")
    html = composed.html.replace("</head>", f"<style>{css}</style></head>")
    (folder / "page.html").write_text(html)
    return source


def demo_report(instance: Path) -> Document:
    """Load the demonstration into a new instance and gather its report."""
    app = create_app(config.read({"WORKGROUP_INSTANCE": str(instance)}))
    with app.app_context():
        upgrade()
        demo.load()
        db.session.commit()
        [(report, cohort)] = queries.reports(None)
        return assemble(report, cohort, clock.now())


def cpu_seconds(command: list[str]) -> float:
    """Run a child to its end and return what it used, user and system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def report(times: list[tuple[float, float]]) -> None:
    """Print the machine, both medians and their ratio."""
    ours = statistics.median(mine for mine, _ in times)
    bare = statistics.median(theirs for _, theirs in times)
    print(
        f"{processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"WeasyPrint {version('weasyprint')}"
    )
    print(f"python -m exports   {ours:6.2f} s CPU (median of {len(times)})")
    print(f"bare WeasyPrint     {bare:6.2f} s CPU (median of {len(times)})")
    verdict = "reached" if ours / bare <= TARGET else "missed"
    print(f"ratio               {ours / bare:6.2f}   (at most {TARGET}: {verdict})")


def processor() -> str:
    """Return the processor's name as Linux knows it."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if "model name" in line]
    return names[0] if names else platform.processor()


if __name__ == "__main__":
    main()
