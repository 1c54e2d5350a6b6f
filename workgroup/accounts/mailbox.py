"""The one form of an e-mail address, in which it is counted, looked up and stored; pure."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

LONGEST = 254  # characters that a mail server takes


def normal_address(written: str) -> str:
    """Return an address in its one form, or what was written as near to it as can be.

    Full-width letters become Latin ones and what cannot be seen goes, as an input
    method or a copied page adds both. What still differs is another address for
    everybody: for the pause after five tries as well as for the search for an account.
    """
    shown = "".join(
        character
        for character in unicodedata.normalize("NFKC", written[: LONGEST * 4])
        if unicodedata.category(character) not in {"Cf", "Cc", "Zs", "Zl", "Zp"}
    )
    shown = shown.lower()[:LONGEST]
    try:
        found = validate_email(shown, check_deliverability=False)
    except EmailNotValidError:
        return shown
    return str(found.normalized).lower()
