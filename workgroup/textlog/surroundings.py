"""What the children that read texts are given, and the pid with which they end. Pure."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARENT = "WORKGROUP_PARENT"  # whose end is a child's end


def surroundings() -> dict[str, str]:
    """Return a child's environment: no setting and no secret, for bytes may take it over."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": str(ROOT),
        PARENT: str(os.getpid()),
    }
