"""The words of error pages, by the status of the answer: what happened, and what to do now."""

from flask_babel import gettext as _


def error_words(code: int) -> tuple[str, str]:
    """Return the heading and the sentence of an error page."""
    words = {
        **_words_about_the_form(),
        400: (
            _("This form could not be read"),
            _(
                "Go back and copy what you typed, which is still there. Then reload the page and send it again."
            ),
        ),
        403: (
            _("You don’t have permission to do this"),
            _(
                "Your role in this cohort doesn’t include it. Ask the organizer if you think it should."
            ),
        ),
        404: (
            _("This page could not be found"),
            _("It may have been moved, or you may not be a member of its cohort."),
        ),
        410: (
            _("This is no longer here"),
            _(
                "Someone else removed it after you opened the page. Nothing was changed. Copy what you typed if you still need it."
            ),
        ),
        405: (
            _("This page can’t be opened that way"),
            _("Go back and use the buttons on the page."),
        ),
        503: (
            _("Workgroup is very busy right now"),
            _(
                "This was not saved. Wait a few seconds, go back and send it again: what you typed is still there."
            ),
        ),
        429: (_("Too many attempts"), _("Wait a minute, then try again.")),
    }
    broken = (
        _("Something went wrong on our side"),
        _(
            "Nothing you had saved was lost. Try again. If it happens again, give this reference to the operator."
        ),
    )
    return words.get(code, broken)


def words_of_a_full_disk() -> tuple[str, str]:
    """Return the heading and the sentence of a page where the disk takes nothing."""
    return (
        _("Nothing can be saved right now"),
        _(
            "This was not saved: the server’s disk is full or cannot be written to. Copy what you typed, tell the operator, and send it again later."
        ),
    )


def words_of_a_lost_commit() -> tuple[str, str]:
    """Return the heading and the sentence of a page where the database did not answer to a commit."""
    return (
        _("Workgroup is very busy right now"),
        _(
            "It is not certain whether this was saved. Wait a few seconds, go back and send it again: what you typed is still there, and nothing is saved twice."
        ),
    )


def _words_about_the_form() -> dict[int, tuple[str, str]]:
    return {
        406: (
            _("Open this page in a browser"),
            _("This address returns web pages only."),
        ),
        408: (
            _("Your form took too long to arrive"),
            _(
                "The connection is very slow or was interrupted. Go back: what you typed is still there. Then send it again."
            ),
        ),
        413: (
            _("That is too large"),
            _(
                "You can send at most two megabytes at once. Go back, shorten what you typed and send it again."
            ),
        ),
        415: (
            _("Open this page in a browser"),
            _(
                "This address accepts forms only. Open its page in a browser and send the form there."
            ),
        ),
    }
