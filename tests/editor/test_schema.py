"""Editor and server hold the same names."""

import json
from pathlib import Path

from exports.sizes import MOST, Size
from workgroup.textlog import schema

BUILT = Path(__file__).parents[2] / "workgroup" / "static" / "editor"


def attributes(kinds):
    return {
        name: {
            key: {"required": True} if one.required else {"default": one.default}
            for key, one in kind.attributes.items()
        }
        for name, kind in kinds.items()
    }


def test_the_editor_knows_every_node_mark_and_attribute_and_no_others():
    editor = json.loads((BUILT / "schema.json").read_text())

    assert editor["version"] == schema.VERSION
    assert editor["root"] == schema.ROOT
    assert editor["limits"] == {
        "depth": schema.MAX_DEPTH,
        "notes": MOST[Size.FOOTNOTES_IN_A_PARAGRAPH],
        "span": MOST[Size.SPAN],
        "stream": schema.MAX_STREAM,
    }
    assert editor["nodes"] == attributes(schema.NODES)
    assert editor["marks"] == attributes(schema.MARKS)
    assert editor["overlapping"] == [
        name for name, mark in schema.MARKS.items() if mark.overlaps
    ]
