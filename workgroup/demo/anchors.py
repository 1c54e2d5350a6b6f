"""Marks on the words that a thread of the demonstration is about."""

from collections.abc import Iterator, Mapping
from typing import Any

from workgroup.demo.markdown import Node


class QuoteMissingError(ValueError):
    """The words do not stand in one run of the section's text."""


def with_comments(content: list[Node], quotes: Mapping[str, str]) -> list[Node]:
    """Copy blocks with a comment mark on each quotation.

    Args:
        content: a section's blocks.
        quotes: the words, each within one text node, and the public id of their thread.

    Raises:
        QuoteMissingError: some words were not found.
    """
    missing = dict(quotes)
    marked = [_marked(node, missing) for node in content]
    if missing:
        raise QuoteMissingError(f"not in the text: {sorted(missing)}")
    return marked


def _marked(node: Any, missing: dict[str, str]) -> Node:  # noqa: ANN401 - JSON
    children = node.get("content")
    if children is None:
        return dict(node)
    parts = [
        part
        for child in children
        for part in (
            _cut(child, missing)
            if child["type"] == "text"
            else [_marked(child, missing)]
        )
    ]
    return {**node, "content": parts}


def _cut(node: Any, missing: dict[str, str]) -> Iterator[Node]:  # noqa: ANN401 - JSON
    words = node["text"]
    quote = next((quote for quote in missing if quote in words), None)
    if quote is None:
        yield dict(node)
        return
    mark = {"type": "comment", "attrs": {"id": missing.pop(quote)}}
    marks = sorted([*node.get("marks", []), mark], key=lambda one: str(one["type"]))
    before, _, after = words.partition(quote)
    if before:
        yield {**node, "text": before}
    yield {**node, "text": quote, "marks": marks}
    if after:
        yield from _cut({**node, "text": after}, missing)
