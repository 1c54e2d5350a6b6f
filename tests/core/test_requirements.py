"""What is installed is what was reviewed: each pin with its hashes, and no address of an index."""

import os
import re
import subprocess

import pytest

from tests.servers import ROOT

LISTS = ["app", "exports", "tools", "upkeep"]
PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==\S+ \\\n((?:    --hash=sha256:[0-9a-f]{64}.*\n)+)", re.MULTILINE)  # fmt: skip


def pinned(name):
    return (ROOT / "requirements" / f"{name}.txt").read_text()


@pytest.mark.parametrize("name", LISTS)
def test_every_pin_has_hashes(name):
    lines = [line for line in pinned(name).splitlines() if re.match(r"[a-z0-9]", line)]

    assert len(lines) == len(PIN.findall(pinned(name))) > 5


@pytest.mark.parametrize("name", LISTS)
def test_no_requirements_file_names_an_index(name):
    assert not re.search(r"^\s*--(?!hash)|://", pinned(name), re.MULTILINE)


@pytest.mark.parametrize("name", LISTS)
def test_every_requirement_is_pinned(name):
    asked = (ROOT / "requirements" / f"{name}.in").read_text()
    names = {
        re.split(r"[\[=]", line)[0] for line in asked.splitlines() if line[0] != "#"
    }

    assert names <= {found[0] for found in PIN.findall(pinned(name))}


@pytest.mark.parametrize(
    "script", ["Makefile", "requirements/audit", "requirements/lock"]
)
def test_no_script_installs_anything_without_its_hash(script):
    commands = re.findall(r'pip"? install.*', (ROOT / script).read_text())

    assert commands
    assert all("--require-hashes" in command for command in commands)


STUB = """#!/bin/sh
mkdir -p "$3/bin"
printf '#!/bin/sh\\nexit 0\\n' >"$3/bin/pip"
printf '#!/bin/sh\\ncat %s\\n' {output} >"$3/bin/pip-audit"
chmod +x "$3"/bin/*
"""
SKIPPED = (
    "flask   Dependency not found on PyPI and could not be audited: flask (3.1.2)\n"
)


@pytest.mark.parametrize(
    ("output", "warned"),
    [
        ("No known vulnerabilities found\n", False),
        ("No known vulnerabilities found\n" + 2 * SKIPPED, True),
    ],
)
def test_an_audit_that_compared_nothing_says_so(tmp_path, output, warned):
    (tmp_path / "output").write_text(output)
    python = tmp_path / "python"
    python.write_text(STUB.format(output=tmp_path / "output"))
    python.chmod(0o755)

    audit = subprocess.run(
        [ROOT / "requirements" / "audit"],
        env={**os.environ, "PYTHON": str(python)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ("2 packages could not be compared" in audit.stdout) == warned
