"""A child process that reads logs, encodes what it read, and reads that again."""

import base64
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from workgroup.textlog.replay import document, load


def read(updates):
    try:
        doc = load(map(base64.b64decode, updates))
        state = doc.get_update()
        return {
            "doc": document(doc),
            "state": base64.b64encode(state).decode(),
            "again": document(load([state])),
        }
    except BaseException as error:  # noqa: BLE001 - a panic of pycrdt is no Exception
        return {"failed": repr(error)}


if __name__ == "__main__":
    json.dump([read(updates) for updates in json.load(sys.stdin)], sys.stdout)
