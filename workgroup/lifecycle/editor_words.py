"""Every sentence that the editor shows, in the reader's language.

The keys and the English are those of ``frontend/words.json``; a test compares them.
"""

from flask_babel import lazy_gettext as _l

WORDS = {
    "text.label": _l("Text of the section"),
    "state.opening": _l("Opening…"),
    "state.saved": _l("Saved"),
    "state.saving": _l("Saving…"),
    "state.unsaved": _l("Not saved yet. Kept on this device"),
    "state.unkept": _l("Not saved, and not kept on this device: keep this tab open"),
    "state.offline": _l("Offline: what you write is kept on this device"),
    "state.offline_unkept": _l(
        "Offline, and nothing can be kept on this device: keep this tab open"
    ),
    "state.unavailable": _l("Not available: what you write is kept on this device"),
    "state.closed": _l("Read only"),
    "people.one": _l("1 person here now"),
    "people.many": _l("{number} people here now"),
    "notice.close": _l("Close"),
    "frozen": _l("The text was frozen. You can still read, comment and vote."),
    "frozen.by": _l("{name} froze the text. You can still read, comment and vote."),
    "loading": _l("The text is still loading. You can write as soon as it appears."),
    "unavailable": _l(
        "This text can’t be opened right now. Nothing is lost, and this page tries again every minute."
    ),
    "unstorable": _l(
        "The server can’t save anything right now. What you write is kept on this device, and this page tries again every minute."
    ),
    "full.nearly": _l(
        "This text is {percent}% full. Move part of it to another section soon. Once it is full, nothing more can be saved in it."
    ),
    "full": _l(
        "This text is full: nothing more can be saved in it. Continue in another section. Organizers can add one."
    ),
    "removed": _l("You no longer have access to this text."),
    "reload": _l(
        "The editor has been updated. Reload the page to continue; nothing is lost."
    ),
    "reload.names": _l(
        "The way people are named has changed. Reload this page to continue; what you wrote is kept on this device."
    ),
    "reload.names_unkept": _l(
        "The way people are named has changed. Copy the unsaved text below, then reload this page to continue."
    ),
    "reload.button": _l("Reload to continue"),
    "session.ended": _l(
        "Your session ended. Nothing was lost. Sign in again in a new tab, then return here."
    ),
    "session.sign_in": _l("Sign in"),
    "session.other": _l(
        "Someone else is now signed in here. Sign in with your own account in another tab, then return here."
    ),
    "unsent.frozen": _l("The text was frozen before your last changes were saved."),
    "unsent.frozen_by": _l(
        "{name} froze the text before your last changes were saved."
    ),
    "unsent.refused": _l("The server did not accept your last changes."),
    "unsent.full": _l(
        "Your last changes were not saved, because the text has become too long for one section."
    ),
    "unsent.reset": _l("The text was restored from an earlier copy on the server."),
    "unsent.names": _l(
        "The way people are named changed before your last changes were saved."
    ),
    "unsent.schema": _l(
        "This text was written in an earlier version of the editor and was never sent."
    ),
    "unsent.removed": _l("Your last changes were not saved."),
    "unsent.below": _l("They are kept here so that you can copy them."),
    "unsent.formatting": _l("Only formatting was lost."),
    "unsent.copy": _l("Copy"),
    "unsent.copied": _l("Copied"),
    "unsent.done": _l("Dismiss"),
    "paste.pictures": _l("Pictures can’t be pasted and were left out."),
    "paste.too_long": _l(
        "This is too long or too deeply nested to paste at once. Paste it in parts."
    ),
    "comment.new": _l("New comment"),
    "comment.label": _l("Comment"),
    "comment.send": _l("Comment"),
    "comment.select": _l("First select the words you want to comment on."),
    "comment.failed": _l("The comment was not saved. Try again."),
    "comment.offline": _l(
        "There is no connection. Your comment is kept here; try again."
    ),
    "dialog.save": _l("Save"),
    "dialog.cancel": _l("Cancel"),
    "dialog.long": _l("Use at most {most} characters. You have used {length}."),
    "footnote.title": _l("Footnote"),
    "footnote.label": _l("Text of the note"),
    "footnote.hint": _l(
        "Words between *asterisks* are set in italics; addresses become links."
    ),
    "footnote.remove": _l("Remove note"),
    "footnote.empty": _l("Enter the note, or cancel."),
    "footnote.full": _l(
        "This paragraph has {most} footnotes, as many as can be printed. Divide the paragraph first, or add to an existing note."
    ),
    "link.title": _l("Link"),
    "link.label": _l("Address"),
    "link.hint": _l("For example https://example.org/report or name@example.org"),
    "link.remove": _l("Remove link"),
    "link.wrong": _l("Enter a full address, for example https://example.org/report"),
}


def editor_words() -> dict[str, str]:
    """Return key → sentence; ``{name}`` and the like are filled in by the editor."""
    return {key: str(sentence) for key, sentence in WORDS.items()}
