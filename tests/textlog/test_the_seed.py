"""The server's first words: stored as the editor would, read back as they were."""

import pytest

from workgroup.textlog import documents
from workgroup.textlog.intake import StreamState
from workgroup.textlog.seed import new_client_id, seed_update


def words(content, *marks):
    node = {"type": "text", "text": content}
    return {**node, "marks": list(marks)} if marks else node


EM = {"type": "em"}
LINK = {"type": "link", "attrs": {"href": "https://example.org/a"}}
NOTED = [{"type": "comment", "attrs": {"id": number}} for number in (7, 8)]
BLOCKS = [
    {
        "type": "heading",
        "attrs": {"lang": "ja", "level": 2},
        "content": [words("日本語 🎌 と")],
    },
    {
        "type": "paragraph",
        "content": [
            words("plain "),
            words("both", *NOTED, EM),
            words(" one", NOTED[0]),
            {"type": "hard_break"},
            words("a link", EM, LINK),
            {"type": "footnote", "attrs": {"text": "See *this*."}},
        ],
    },
    {
        "type": "ordered_list",
        "attrs": {"order": 3},
        "content": [
            {
                "type": "list_item",
                "content": [{"type": "paragraph", "content": [words("first")]}],
            }
        ],
    },
    {
        "type": "table",
        "content": [
            {
                "type": "table_row",
                "content": [
                    {
                        "type": "table_cell",
                        "attrs": {"colspan": 2, "colwidth": [90, 0], "rowspan": 1},
                        "content": [{"type": "paragraph"}],
                    }
                ],
            }
        ],
    },
    {"type": "horizontal_rule"},
]


def replayed(*updates):
    """Read updates as the reader's child does."""
    return documents.run(updates, "--state")["doc"]["content"]


def test_blocks_read_back_as_they_were_given():
    update = seed_update(BLOCKS, 77)

    StreamState().admit(update, 77)
    assert replayed(update) == BLOCKS


def test_an_empty_text_is_seeded_with_one_empty_paragraph():
    assert replayed(seed_update([], new_client_id())) == [{"type": "paragraph"}]


@pytest.mark.parametrize(
    "block",
    [
        {"type": "marquee"},
        {"type": "heading", "attrs": {"level": 9}},
        {"type": "paragraph", "attrs": {"level": 1}},
        {"type": "image"},
        {"type": "paragraph", "content": [words("x", {"type": "blink"})]},
        {
            "type": "paragraph",
            "content": [words("x", {"type": "link", "attrs": {"href": "data:x"}})],
        },
    ],
)
def test_blocks_that_the_schema_does_not_know_are_refused(block):
    with pytest.raises(ValueError, match=r"no |heading|image"):
        seed_update([block], 77)


def test_a_mark_that_may_overlap_gets_the_name_that_the_editor_gives_it():
    # Computed by y-prosemirror 1.3.7 for {type: "comment", attrs: {id: 7}}.
    assert b"comment--0gqPOsAb" in seed_update(BLOCKS, 77)
