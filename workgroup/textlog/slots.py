"""The place of a unit in the tree of a stream's nodes, packed into one number.

A slot is three bits for what occupies it, then fields of five bits. For a child of an
element, and for what is left of one, these are its own node, its parent's node and its
depth; for an attribute's value they are its owner's node and the attribute.
"""

from workgroup.textlog import schema

CHILD, ELEMENT, TEXT, WORDS, VALUE, COLLECTED = range(6)
KIND = 7
FIELD = 31
OWN = 3
PARENT = KEY = 8
DEPTH = 13

NODE_NUMBER = {name: number for number, name in enumerate(schema.NODES)}
_TABLE = tuple(schema.NODES.values())
CHILDREN = tuple(frozenset(map(NODE_NUMBER.get, node.children)) for node in _TABLE)
HOLDS_TEXT = tuple(node.text for node in _TABLE)
KEY_NUMBER = tuple(
    {key: number for number, key in enumerate(node.attributes)} for node in _TABLE
)
ATTRIBUTES = tuple(tuple(node.attributes.values()) for node in _TABLE)

IN_ROOT = CHILD | NODE_NUMBER["doc"] << PARENT | 1 << DEPTH
