"""Forms are accepted only from our own pages: a second check beside the token.

The token alone would do as long as it stays secret. This check also stops another site that
has a valid token of its own, for example to sign somebody in to an attacker's account.
"""

from flask import Flask, abort, current_app, request

from workgroup import links
from workgroup.addresses import as_sent, origin_of
from workgroup.web import SAFE_METHODS


def init_app(app: Flask) -> None:
    """Check each request that could change something, before its token is read."""
    app.before_request(refuse_other_sites)


def refuse_other_sites() -> None:
    """Refuse a form of another site with 400; what was typed comes back on the page."""
    if request.method not in SAFE_METHODS and not is_from_here():
        abort(400)


def is_from_here() -> bool:
    """Return whether one of our own pages sent this request, as far as its headers show.

    A browser sends the page's origin with every form. It sends ``null`` where the page must
    not be named (a sandboxed frame, a site with ``no-referrer``); then only a Referer, which
    such pages cannot send, proves that it is ours. Where both headers are
    missing, no browser that we support has sent this, or a gateway has taken both out:
    then the token alone decides, which nobody else knows.
    """
    ours = links.origins(current_app.config)
    sent = request.headers.getlist("Origin")
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return False
    if sent and sent != ["null"]:
        return len(sent) == 1 and as_sent(sent[0]) in ours
    referrer = request.headers.get("Referer", "")
    return origin_of(referrer) in ours if sent or referrer else True
