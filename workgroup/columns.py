"""How values stand in columns: moments in UTC, members of an enumeration in plain words."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Dialect,
    Enum,
    MetaData,
    Table,
    event,
)
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A time with its zone; stored in UTC, refused without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Turn the moment into UTC.

        Raises:
            ValueError: the moment has no zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time needs its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Restore the moment's zone, which SQLite does not keep."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


TYPES: dict[Any, Any] = {
    datetime: UtcDateTime,
    # Store an enum's value, not its Python name; keep it a plain string, whose check is
    # replaced by its name when a member is added: a type of PostgreSQL's own could not
    # lose one again.
    StrEnum: Enum(
        StrEnum,
        values_callable=lambda enum: [member.value for member in enum],
        native_enum=False,
        length=32,
    ),
}


@event.listens_for(Table, "after_parent_attach")
def _allow_known_values_only(table: Table, _metadata: MetaData) -> None:
    """Give each column of an enumeration a check by its members.

    SQLAlchemy's own would bear the enumeration's name, which several columns of a table
    may share.
    """
    for column in table.columns:
        if isinstance(column.type, Enum) and column.type.enum_class:
            known = column.in_(list(column.type.enum_class))
            table.append_constraint(CheckConstraint(known, name=f"{column.name}_known"))
