"""What is installed is what was reviewed: each pin with its hashes, and no address of an index."""

import re

import pytest

from tests.servers import ROOT

LISTS = ["app", "exports", "tools"]
PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==\S+ \\\n((?:    --hash=sha256:[0-9a-f]{64}.*\n)+)", re.MULTILINE)  # fmt: skip


def pinned(name):
    return (ROOT / "requirements" / f"{name}.txt").read_text()


@pytest.mark.parametrize("name", LISTS)
def test_every_pin_has_hashes(name):
    lines = [line for line in pinned(name).splitlines() if re.match(r"[a-z0-9]", line)]

    assert len(lines) == len(PIN.findall(pinned(name))) > 5


@pytest.mark.parametrize("name", LISTS)
def test_no_list_names_an_index(name):
    assert not re.search(r"^\s*--(?!hash)|://", pinned(name), re.MULTILINE)


@pytest.mark.parametrize("name", LISTS)
def test_all_that_is_asked_for_is_pinned(name):
    asked = (ROOT / "requirements" / f"{name}.in").read_text()
    names = {
        re.split(r"[\[=]", line)[0] for line in asked.splitlines() if line[0] != "#"
    }

    assert names <= {found[0] for found in PIN.findall(pinned(name))}


def test_make_installs_nothing_without_its_hash():
    commands = re.findall(r"pip install.*", (ROOT / "Makefile").read_text())

    assert commands
    assert all("--require-hashes" in command for command in commands)
