"""Logs read by pycrdt and by Yjs in Node, each in a child, and brought into one form."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workgroup.textlog.replay import _marks, _whole

HERE = Path(__file__).parent
YJS = HERE.parents[1] / "frontend" / "node_modules" / "yjs"


def need_yjs():
    """Skip loudly where Yjs is not installed; where CI is true it must be."""
    if shutil.which("node") and YJS.exists():
        return
    sentence = "Yjs is not installed: npm ci --ignore-scripts in frontend/"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


def by_pycrdt(logs):
    return _asked([sys.executable, str(HERE / "pycrdt_reads.py")], logs)


def by_yjs(logs):
    return _asked(["node", str(HERE / "yjs.mjs"), "read"], logs)


def written_by_yjs(seed, count):
    """Give logs of honest sessions: clients and updates."""
    return _asked(["node", str(HERE / "yjs.mjs"), "write", str(seed), str(count)], None)


def _asked(command, given):
    child = subprocess.run(
        command,
        input=json.dumps(given).encode(),
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert child.returncode == 0, child.stderr.decode()[-3000:]
    return json.loads(child.stdout)


def plain(nodes):
    """Bring what either of them read into one form."""
    out = []
    for node in nodes:
        if node["type"] != "text":
            out.append(_element(node))
        elif node["text"]:
            text = _text(node)
            if out and out[-1].get("marks") == text["marks"]:
                out[-1]["text"] += text["text"]
            else:
                out.append(text)
    return out


def _text(node):
    marks = node["marks"] if "marks" in node else _marks(node.get("given") or {})
    ordered = sorted(marks, key=lambda mark: json.dumps(mark, sort_keys=True))
    return {"type": "text", "text": node["text"], "marks": ordered}


def _element(node):
    attrs = node.get("attrs") or {}
    return {
        "type": node["type"],
        "attrs": {key: _whole(value) for key, value in attrs.items()},
        "content": plain(node.get("content") or []),
    }
