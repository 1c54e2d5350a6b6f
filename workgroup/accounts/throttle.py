"""How often a password may be tried: then a pause of a minute, never a locked account."""

from hashlib import sha256

from flask import Flask, Response, abort, current_app, g, request
from flask_login import current_user
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from workgroup.accounts.mailbox import normal_address
from workgroup.addresses import network

# Tries of one account from one network address. All tries of one network address may be
# many more, because a whole delegation may share one (a hotel's, a ministry's).
ONE_ACCOUNT = RateLimitItemPerMinute(5)
ONE_ADDRESS = RateLimitItemPerMinute(60)
PAUSE = "60"  # seconds, as the Retry-After header writes it
# The storage never forgets a key once used; each takes about half a kilobyte.
MOST_KEYS = 50_000

GUARDED = {
    "security.login",
    "security.forgot_password",
    "security.change_password",
    "security.verify",
}


def init_app(app: Flask) -> None:
    """Count tries in the process's memory: one process serves all pages."""
    app.extensions["throttle"] = MovingWindowRateLimiter(MemoryStorage())
    app.before_request(_pause)
    app.after_request(_forgive)


def _pause() -> None:
    """Count a try before the password is checked, so that simultaneous tries count too."""
    if request.method != "POST" or request.endpoint not in GUARDED:
        return
    named = _named()  # a body that cannot be read is refused here
    limiter = current_app.extensions["throttle"]
    if len(limiter.storage.events) > MOST_KEYS:
        # Only thousands of networks at once can fill it, and each has only five tries.
        limiter.storage.reset()
    visitor = network(request.remote_addr or "")
    g.tried, g.tried_key = named, (request.endpoint, _key(named), visitor)
    # The network first: one that is over its limit can create no further keys.
    if not limiter.hit(ONE_ADDRESS, request.endpoint, visitor):
        abort(429)
    if not limiter.hit(ONE_ACCOUNT, *g.tried_key):
        abort(429)


def _forgive(response: Response) -> Response:
    """Forget the tries on an account when its owner has signed in."""
    tried = g.get("tried")
    if (
        tried
        and request.endpoint == "security.login"
        and current_user.is_authenticated
        and current_user.email == tried
    ):
        limiter = current_app.extensions["throttle"]
        limiter.storage.clear(ONE_ACCOUNT.key_for(*g.tried_key))
    if response.status_code == TooManyRequests.code:
        response.headers["Retry-After"] = PAUSE
    return response


def _named() -> str:
    """Return the account being tried: the one that is signed in, else the one in the form."""
    if request.endpoint != "security.login" and current_user.is_authenticated:
        return str(current_user.email)
    return normal_address(request.form.get("email", ""))


def _key(named: str) -> str:
    """Return a short name for an address of any length; no address is kept in memory."""
    return sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:32]
