"""The errors of the domain; nothing here knows the web."""


class DomainError(Exception):
    """A rule refuses what was asked; the text is a sentence fit for the reader."""

    status = 409  # of the answer to a form: it may be sent again when that has changed
