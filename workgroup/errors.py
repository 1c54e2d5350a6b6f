"""The errors of the domain, which know nothing of the web."""


class DomainError(Exception):
    """A rule refuses a request; the message is a sentence for the reader."""

    # Of the answer to a form, which may be sent again once the conflict is gone.
    status = 409
