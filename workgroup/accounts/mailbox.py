"""The normal form of an e-mail address, used to count tries, look up and store; pure."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from workgroup.text import normal

LONGEST = 254  # characters that a mail server accepts


def normal_address(written: str) -> str:
    """Return an address in its normal form, or what was typed as close to it as possible.

    Full-width letters become Latin ones and invisible characters are removed: input methods
    and copied pages add both. Counting tries and looking up an account use the same form, or
    each spelling of an address would get five tries of its own.
    """
    shown = "".join(
        character
        for character in normal("NFKC", written[: LONGEST * 4])
        if unicodedata.category(character) not in {"Cf", "Cc", "Zs", "Zl", "Zp"}
    )
    shown = shown.lower()[:LONGEST]
    try:
        found = validate_email(shown, check_deliverability=False)
    except EmailNotValidError:
        return shown
    return str(found.normalized).lower()
