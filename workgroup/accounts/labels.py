"""The words for an account's values, and the sentences of the sign-in pages."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from workgroup.mail import leaves

SECTORS = {
    "academia": _l("Academia"),
    "think-tank": _l("Think tank"),
    "government": _l("Government"),
    "civil-society": _l("Civil society"),
    "business": _l("Business"),
}
NAME_ORDERS = {
    "family-first": _l("Family name first"),
    "given-first": _l("Given name first"),
}
NATIVE_LANGUAGES = {
    "": _l("None"),
    "ja": _l("Japanese"),
    "ko": _l("Korean"),
    "zh": _l("Chinese"),
}

ON_ITS_WAY = _l(
    "If there is an account for that address, we have sent it an e-mail with a link to set a new password. The link works for 30 minutes."
)
NO_MAIL = _l(
    "This server does not send e-mail. Ask its operator for a link to set a new password."
)

# Flask-Security's sentences in our words; the same for a known and an unknown account.
MESSAGES = {
    "GENERIC_AUTHN_FAILED": _l(
        "That e-mail address and password don’t match. Check both, or request a link to set a new password."
    ),
    "PASSWORD_RESET_REQUEST": LazyString(lambda: ON_ITS_WAY if leaves() else NO_MAIL),
    "PASSWORD_RESET_EXPIRED": _l(
        "That link is more than 30 minutes old. Request a new one here."
    ),
    "INVALID_RESET_PASSWORD_TOKEN": _l(
        "That link has already been used or is incomplete. Request a new one here."
    ),
    "PASSWORD_RESET_NO_LOGIN": _l("Your new password is set. Sign in with it."),
    "PASSWORD_CHANGE": _l(
        "Your password was changed. All your other sessions have ended."
    ),
    "PASSWORD_IS_THE_SAME": _l(
        "Choose a password that is different from your current one."
    ),
    "PASSWORD_INVALID_LENGTH": _l("Use at least %(length)s characters."),
    "PASSWORD_NOT_PROVIDED": _l("Enter a password."),
    "INVALID_PASSWORD": _l("That is not your current password."),
    "RETYPE_PASSWORD_MISMATCH": _l(
        "The two passwords don’t match. Type the same one twice."
    ),
    "EMAIL_NOT_PROVIDED": _l("Enter your e-mail address."),
    "INVALID_EMAIL_ADDRESS": _l(
        "Enter the full e-mail address, for example name@example.org."
    ),
    "UNAUTHENTICATED": _l("Sign in to open that page."),
    "LOGIN": _l("Sign in to open that page."),
    "REAUTHENTICATION_REQUIRED": _l("Enter your password again to continue."),
    "REAUTHENTICATION_SUCCESSFUL": _l("Password confirmed. You can continue."),
}
