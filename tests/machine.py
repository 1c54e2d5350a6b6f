"""What the machine must have."""

import os

import pytest


def missing(what: str) -> None:
    """Skip with a loud line on an ordinary machine; fail where nothing may be missing."""
    sentence = f"{what} is not installed; `make setup-test` installs it"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)
