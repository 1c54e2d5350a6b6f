"""The base classes of our forms: in our words, safe to send twice, for shared things."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField

from workgroup.error_pages import NOT_TYPED
from workgroup.errors import DomainError
from workgroup.sending.labels import OurSentences

KEY_BYTES = 16


def new_key() -> str:
    """Return a random key for one form on one page."""
    return secrets.token_urlsafe(KEY_BYTES)


class ChangedMeanwhileError(DomainError):
    """Somebody else has saved a change since the form was filled."""


class PlainForm(FlaskForm):
    """A form whose every refusal is a sentence of ours."""

    class Meta(FlaskForm.Meta):
        """Where WTForms finds the words of its own refusals."""

        def get_translations(self, _form: object) -> OurSentences:
            """Return ours, whatever the language."""
            return OurSentences()


def reader() -> str:
    """Return the number of the person who is signed in, as forms carry it; nothing for nobody."""
    return str(current_user.id) if current_user.is_authenticated else ""


class KeyedForm(PlainForm):
    """A form with a random key, so that nothing is doubled if a browser sends it again by itself.

    And with the number of its person: at a computer that several people use, a form that one
    of them left open is never sent under the name of another one who does not know it.
    """

    form_key = HiddenField(default=new_key)
    filled_by = HiddenField(default=reader)

    def validate_on_submit(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms' interface
        """Return whether the form was sent to be acted on, and is valid.

        A form that comes back from signing in is only shown first, with what was typed; and
        so is one that somebody else filled in: it then counts as the reader's.
        """
        if g.get("only_show"):
            return False
        if self.is_submitted() and self.filled_by.data not in ("", None, reader()):
            self.filled_by.data = reader()
            self.form_errors.append(
                _(
                    "Someone else filled in this form here before you signed in. Nothing was sent. "
                    "To send it under your own name, check it first, then send it again."
                )
            )
            return False
        return bool(super().validate_on_submit(extra_validators))


class SharedForm(KeyedForm):
    """A form for something that others may change too; it carries a hash of what it was filled from."""

    filled_from = HiddenField()

    # What a refusal says, and what stands before the values that were saved meanwhile.
    changed = _l(
        "Someone else saved a change after you opened this page. Their text is shown "
        "below yours. Adjust yours if you like, then save again."
    )
    saved = _l("Saved by someone else:")

    # Field → the attribute it is filled from, where the names differ.
    attributes: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self,
        *arguments: Any,  # noqa: ANN401 - WTForms' interface
        shared: object = None,
        **options: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*arguments, **options)
        if shared is not None and not self.is_submitted():
            self.filled_from.data = fingerprint(self.values_of(shared))

    def shared_names(self) -> list[str]:
        """Return the names of the fields that the shared thing fills."""
        return [field.name for field in self if field.name not in NOT_TYPED]

    def values_of(self, thing: object) -> dict[str, object]:
        """Return field → value as the thing has it now."""
        return {
            name: getattr(thing, self.attributes.get(name, name))
            for name in self.shared_names()
        }

    def refuse_changed(self, thing: object) -> None:
        """Refuse to overwrite what somebody else has saved; show their text below.

        The form then counts as filled from theirs, so sending it again saves.

        Raises:
            ChangedMeanwhileError: the thing is not as it was when the form was filled.
        """
        now = self.values_of(thing)
        filled_from, self.filled_from.data = self.filled_from.data, fingerprint(now)
        if not filled_from or filled_from == self.filled_from.data:
            return
        differs = [
            name
            for name in now
            if fingerprint(now[name]) != fingerprint(self[name].data)
        ]
        if not differs:
            return  # both typed the same
        for name in differs:
            self[name].saved_meanwhile = in_words(self[name], now[name])
            self[name].saved_label = self.saved
        raise ChangedMeanwhileError(str(self.changed))


class OwnForm(SharedForm):
    """A form for what only its person changes, perhaps on two pages at once."""

    changed = _l(
        "You saved a change on another page after you opened this one. It is shown below. "
        "Adjust what you typed if you like, then save again."
    )
    saved = _l("Saved on another page:")


def fingerprint(values: object) -> str:
    """Return a short hash of plain values, equal for equal values."""
    text = json.dumps(_plain(values), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, frozenset | set | list):
        return sorted(str(one) for one in value)
    return "" if value is None else str(value)


def in_words(field: Field, value: object) -> str:
    """Write a value as the field would show it."""
    choices = {
        str(choice.value): str(choice.label)
        for choice in getattr(field, "choices", None) or ()
    }
    values = sorted(value) if isinstance(value, frozenset | set | list) else [value]
    words = [choices.get(str(one), "" if one is None else str(one)) for one in values]
    return ", ".join(words) or choices.get("", "")
