"""Frozen dataclasses from parsed JSON and back, with every key and type checked."""

import dataclasses
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from exports.problems import ExportError

T = TypeVar("T")


def read(kind: type[T], value: Any, path: str = "document") -> T:  # noqa: ANN401 - parsed JSON
    """Return ``value`` as a ``kind``.

    Raises:
        ExportError: a key is unknown or missing, or a value has another type.
    """
    result: T = _read(kind, value, path)
    return result


def write(thing: Any) -> Any:  # noqa: ANN401 - parsed JSON
    """Return a dataclass and everything in it as plain JSON values."""
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        return {
            field.name: write(getattr(thing, field.name))
            for field in dataclasses.fields(thing)
        }
    if isinstance(thing, tuple):
        return [write(item) for item in thing]
    if isinstance(thing, StrEnum):
        return thing.value
    return thing


def _read(kind: Any, value: Any, path: str) -> Any:  # noqa: ANN401 - parsed JSON
    if isinstance(kind, UnionType):
        [present] = [option for option in get_args(kind) if option is not NoneType]
        return None if value is None else _read(present, value, path)
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise _wrong(path, "a list")
        return tuple(
            _read(get_args(kind)[0], item, f"{path}[{index}]")
            for index, item in enumerate(value)
        )
    if get_origin(kind) is dict:
        if not isinstance(value, dict):
            raise _wrong(path, "an object")
        return value
    if dataclasses.is_dataclass(kind):
        return _read_fields(kind, value, path)
    if issubclass(kind, StrEnum):
        if value not in list(kind):
            raise _wrong(path, "one of " + ", ".join(kind))
        return kind(value)
    # ``True`` is an ``int`` in Python, but not in JSON.
    if type(value) is not kind:
        raise _wrong(path, kind.__name__)
    return value


def _read_fields(kind: Any, value: Any, path: str) -> Any:  # noqa: ANN401 - parsed JSON
    if not isinstance(value, dict):
        raise _wrong(path, "an object")
    hints = get_type_hints(kind)
    names = {field.name for field in dataclasses.fields(kind)}
    for unknown in sorted(value.keys() - names):
        raise ExportError("bad-document", f"{path}.{unknown} is not known.")
    for missing in sorted(names - value.keys()):
        raise ExportError("bad-document", f"{path}.{missing} is missing.")
    return kind(
        **{name: _read(hints[name], value[name], f"{path}.{name}") for name in value}
    )


def _wrong(path: str, wanted: str) -> ExportError:
    return ExportError("bad-document", f"{path} must be {wanted}.")
