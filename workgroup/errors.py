"""The errors of the domain; nothing here knows the web."""


class DomainError(Exception):
    """A rule refuses what was asked; the text is a sentence fit for the reader."""
