"""The errors of the domain, which know nothing of the web."""


class DomainError(Exception):
    """A rule refuses a request; the message is a sentence for the reader."""

    # Of the answer to a form, which may be sent again once the conflict is gone.
    status = 409


class GoneError(Exception):
    """What a request is about was removed after the request had read it.

    The message is a sentence for the reader, or empty where the usual one will do.
    """
