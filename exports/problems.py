"""Why an export stopped, in a form that the site can show and translate."""

from typing import Any


class ExportError(Exception):
    """An export that cannot go on.

    Args:
        code: a short name for the kind of problem, such as ``missing-glyph``.
        message: one sentence for the reader.
        section: the title of the section it concerns, where there is one.
        character: the character it concerns, where there is one.
        packages: what to install, where that would help.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        section: str | None = None,
        character: str | None = None,
        packages: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.section = section
        self.character = character
        self.packages = packages

    def as_json(self) -> dict[str, Any]:
        """Return the error as the last line on standard output has it."""
        fields: dict[str, Any] = {"code": self.code, "message": self.message}
        for name in ("section", "character", "packages"):
            if value := getattr(self, name):
                fields[name] = value
        return fields
