"""Which fonts and libraries this machine has, and a font configuration with only our fonts."""

import ctypes
import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from exports.problems import ExportError

HERE = Path(__file__).parent

CJK_PACKAGE = "fonts-noto-cjk"
CJK_FILES = (
    "NotoSerifCJK-Regular.ttc",
    "NotoSerifCJK-Bold.ttc",
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJK-Bold.ttc",
)
# Debian's folder first, then those of Arch and Fedora and of fonts installed by hand.
CJK_FOLDERS = (
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/noto-cjk"),
    Path("/usr/share/fonts/google-noto-cjk"),
    Path("/usr/local/share/fonts"),
)
# Each library the layout engine opens, and the Debian package it comes in.
LIBRARIES = {
    "libgobject-2.0.so.0": "libpangoft2-1.0-0",
    "libpango-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libpangoft2-1.0-0",
    "libfontconfig.so.1": "libpangoft2-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
PYTHON_PACKAGES = ("weasyprint",)

_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <selectfont>
    <rejectfont><glob>{folder}/*</glob></rejectfont>
    {accepted}
  </selectfont>
  <cachedir>/var/cache/fontconfig</cachedir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


@dataclass(frozen=True)
class Missing:
    """Something the export needs and this machine lacks."""

    kind: str  # "library", "font" or "module"
    name: str
    package: str  # by apt, or for a module by pip


def missing(
    libraries: dict[str, str] = LIBRARIES, folders: tuple[Path, ...] = CJK_FOLDERS
) -> list[Missing]:
    """Return everything that is missing; opens each library once, without importing the engine."""
    lacking = [
        Missing("library", name, package)
        for name, package in libraries.items()
        if not _opens(name)
    ]
    if find_cjk(folders) is None:
        lacking.append(Missing("font", "Noto CJK", CJK_PACKAGE))
    lacking += [
        Missing("module", name, name)
        for name in PYTHON_PACKAGES
        if importlib.util.find_spec(name) is None
    ]
    return lacking


def require_all(lacking: list[Missing]) -> None:
    """Stop when something is missing.

    Raises:
        ExportError: names the packages to install.
    """
    if not lacking:
        return
    packages = tuple(dict.fromkeys(each.package for each in lacking))
    code = (
        "missing-font"
        if all(each.kind == "font" for each in lacking)
        else "missing-library"
    )
    names = ", ".join(each.name for each in lacking)
    raise ExportError(
        code,
        f"This machine lacks {names}. Install: {' '.join(packages)}.",
        packages=packages,
    )


def find_cjk(folders: tuple[Path, ...] = CJK_FOLDERS) -> Path | None:
    """Return the folder that holds all four Noto CJK files."""
    return next(
        (
            folder
            for folder in folders
            if all((folder / name).is_file() for name in CJK_FILES)
        ),
        None,
    )


def configure(scratch: Path) -> None:
    """Let fontconfig see only the Noto CJK files; call before the engine is imported.

    Otherwise a missing glyph would be borrowed from whatever fonts a machine has, and the same
    report would print differently, or fail, on another machine.
    """
    folder = find_cjk()
    accepted = "".join(
        f"<acceptfont><glob>{folder}/{name}</glob></acceptfont>" for name in CJK_FILES
    )
    path = scratch / "fonts.conf"
    path.write_text(
        _CONFIGURATION.format(
            folder=escape(str(folder)), accepted=accepted, cache=escape(str(scratch))
        )
    )
    os.environ["FONTCONFIG_FILE"] = str(path)


def _opens(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
