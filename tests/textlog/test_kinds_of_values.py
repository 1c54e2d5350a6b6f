"""Each attribute takes the kinds of values that the editor writes and no others.

Python takes true for 1 and 2.0 for 2; JavaScript stores them otherwise, and a big integer
ends every editor that draws it. So it is the type that counts, for each attribute of the table.
"""

import pytest

from workgroup.textlog import schema
from workgroup.textlog.schema import Either, Record, Text, Whole, Widths

OTHERS = [
    True,
    False,
    1.0,
    2.5,
    float("nan"),
    b"x",
    (),
    [[]],
    [True],
    [1.0],
    {"x": 1},
    {1: 1},
]
RIGHT = {Whole: (int,), Text: (str,), Widths: (list,), Record: (dict,)}

ATTRIBUTES = {
    f"{owner}.{name}": attribute
    for table in (schema.NODES, schema.MARKS)
    for owner, kind in table.items()
    for name, attribute in kind.attributes.items()
}


def types_of(kind):
    if isinstance(kind, Either):
        return tuple(one for each in kind.kinds for one in types_of(each))
    return RIGHT[type(kind)]


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_an_attribute_accepts_no_value_of_another_kind(name):
    attribute = ATTRIBUTES[name]
    right = types_of(attribute.kind)
    foreign = [*OTHERS, *(one for one in (1, "x", [], {}) if type(one) not in right)]

    assert [one for one in foreign if attribute.allows(one)] == []
    assert attribute.allows(None) is not attribute.required
    assert attribute.default is None or attribute.allows(attribute.default)


@pytest.mark.parametrize("name", [one for one in ATTRIBUTES if "id" in one.split(".")])
def test_an_id_is_a_whole_number_or_a_short_name(name):
    allows = ATTRIBUTES[name].allows

    assert [one for one in (0, 7, "a", "A1-_:.", "x" * 64) if not allows(one)] == []
    assert [one for one in (-1, 2**31, 2**64, "", "a b", "<b>", "x" * 65) if allows(one)] == []  # fmt: skip
