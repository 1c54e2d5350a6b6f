"""No regular expression is slow, whatever words somebody makes up for it."""

import importlib
import pkgutil
import re
import time

import pytest

import exports
import workgroup

MANY = (
    20_000  # characters: over a second where each costs as much as there are before it
)
UNITS = ["a", "é", "漢", "か", "가", "1", " ", "\n", ".", ",", "-", "_", "/", "\\", "*", '"', "'", "[", "{", "@", "=", ":", "%", "+", "\u200b", "a ", "a.", "a-", "a'", "*a", "*a ", "* ", "가1", "가 ", "漢か", "{page", "http://", "http://.", "http://a ", "a--", "a_"]  # fmt: skip
ENDS = ["", "!"]
# Never searched for in a text: whole names are compared with it, of at most 64 characters.
OF_WHOLE_NAMES = {"workgroup.textlog.schema.OVERLAP"}


def patterns():
    """Return every compiled expression of ours, by its module and name."""
    found = {}
    for package in (workgroup, exports):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("__main__"):
                continue
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    found.setdefault(value.pattern, (f"{module.name}.{name}", value))
    return dict(found.values())


PATTERNS = patterns()


@pytest.mark.parametrize("name", PATTERNS)
def test_an_expression_takes_as_long_as_its_text(name):
    for unit in UNITS:
        for end in ENDS:
            written = unit * (MANY // len(unit)) + end
            began = time.process_time()
            PATTERNS[name].fullmatch(written)
            if name not in OF_WHOLE_NAMES:
                PATTERNS[name].sub("", written)
            assert time.process_time() - began < 1, (unit, end)


def test_there_are_expressions_to_look_at():
    assert len(PATTERNS) > 25
