"""How often a password may be tried: a pause of a minute, never a lock-out."""

from flask import Flask, Response, abort, current_app, request
from flask_login import current_user
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from workgroup.accounts.services import normal_address

# Tries of one account from one network address. All tries of one network address may be
# many more, because a whole delegation can sit behind one.
ONE_ACCOUNT = RateLimitItemPerMinute(5)
ONE_ADDRESS = RateLimitItemPerMinute(60)
PAUSE = "60"  # seconds, as the Retry-After header writes it

GUARDED = {
    "security.login",
    "security.forgot_password",
    "security.change_password",
    "security.verify",
}


def init_app(app: Flask) -> None:
    """Count the tries of each process in its memory; pages are served by one."""
    app.extensions["throttle"] = MovingWindowRateLimiter(MemoryStorage())
    app.before_request(_pause)
    app.after_request(_forgive)


def _pause() -> None:
    """Count a try before it is looked at, so that simultaneous ones count too."""
    if request.method != "POST" or request.endpoint not in GUARDED:
        return
    limiter = current_app.extensions["throttle"]
    within = (
        limiter.hit(ONE_ADDRESS, request.endpoint, request.remote_addr or ""),
        limiter.hit(ONE_ACCOUNT, *_key()),
    )
    if not all(within):
        abort(429)


def _forgive(response: Response) -> Response:
    """Forget the tries of whoever has just signed in to the account they named."""
    if request.method == "POST" and request.endpoint == "security.login":
        named = normal_address(request.form.get("email", ""))
        if current_user.is_authenticated and current_user.email == named:
            limiter = current_app.extensions["throttle"]
            limiter.storage.clear(ONE_ACCOUNT.key_for(*_key()))
    if response.status_code == TooManyRequests.code:
        response.headers["Retry-After"] = PAUSE
    return response


def _key() -> tuple[str, str, str]:
    named = request.form.get("email", "")
    if request.endpoint != "security.login" and current_user.is_authenticated:
        named = current_user.email
    return request.endpoint or "", normal_address(named), request.remote_addr or ""
