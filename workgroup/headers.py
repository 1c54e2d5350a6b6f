"""How the headers of a mail become bytes that every mail program reads; pure."""

from email.header import Header
from email.headerregistry import Address
from email.policy import EmailPolicy
from email.utils import parseaddr
from typing import Any

from email_validator import EmailNotValidError, validate_email

LONGEST_BODY_LINE = 76  # characters of an encoded line, by RFC 2045
LONGEST_WORD = 75  # characters of an encoded word, by RFC 2047


class Wire(EmailPolicy):
    """Headers for programs as they are, each on one line; words of people in encoded words.

    Python folds a header at 78 characters. Where it finds no space, as in a link, it writes
    encoded words, which no program takes for a link: it shows no button to unsubscribe. And
    it loses the space between two words that both need encoding, as in “Women’s work”.
    """

    def fold(self, name: str, value: Any) -> str:  # noqa: ANN401 - the email package's
        """Return a header as it is sent.

        Raises:
            UnicodeEncodeError: a header for programs holds more than ASCII.
        """
        written = str(value)
        if name == "Subject":
            written = _encoded(written, name, self.linesep)
        elif addresses := getattr(value, "addresses", ()):
            written = ", ".join(_mailbox(one, self.linesep) for one in addresses)
        return f"{name}: {written}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:  # noqa: ANN401 - as above
        """Return a header as it is sent, in bytes."""
        return self.fold(name, value).encode("ascii")


# Seven bits: a server on the way need not take eight.
WIRE = Wire(max_line_length=LONGEST_BODY_LINE, cte_type="7bit")


def sender(written: str) -> Address:
    """Return who a mail is from, as ``mail@host`` or ``Workgroup <mail@host>`` says."""
    name, address = parseaddr(written)
    return Address(name, addr_spec=ascii_address(address))


def ascii_address(address: str) -> str:
    """Return an address as servers take it: a domain in another script in its ASCII form."""
    try:
        found = validate_email(address, check_deliverability=False)
    except EmailNotValidError:  # such as localhost
        return address
    return found.ascii_email or address


def _mailbox(address: Address, linesep: str) -> str:
    if address.display_name.isascii():
        return str(address)
    name = _encoded(address.display_name, "From", linesep)
    return f"{name} <{address.addr_spec}>"


def _encoded(words: str, name: str, linesep: str) -> str:
    """Return words in encoded words of at most 75 characters each, unless they are ASCII."""
    if words.isascii():
        return words
    return Header(words, "utf-8", LONGEST_WORD, name).encode(linesep=linesep)
