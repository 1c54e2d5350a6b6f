"""Short ways to write a text's blocks in tests."""


def text(words, *marks):
    return {"type": "text", "text": words} | ({"marks": list(marks)} if marks else {})


def mark(name, **attrs):
    return {"type": name} | ({"attrs": attrs} if attrs else {})


def node(name, *content, **attrs):
    written = {"type": name}
    if attrs:
        written["attrs"] = attrs
    if content:
        written["content"] = [
            text(part) if isinstance(part, str) else part for part in content
        ]
    return written


def paragraph(*content, **attrs):
    return node("paragraph", *content, **attrs)


def doc(*blocks):
    return {"type": "doc", "content": list(blocks)}
