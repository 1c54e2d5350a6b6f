"""However many people sign in at once, at most two passwords are hashed at the same moment."""

import threading
import time

from flask_security import hash_password, verify_password

from app import create_app
from tests.conftest import settings
from workgroup.accounts import security
from workgroup.accounts.hashing import AT_ONCE, BoundedHasher
from workgroup.extensions import security as extension


class Counting:
    """Stands for the slow hash and counts how many are in it."""

    def __init__(self):
        self.inside = self.most = 0
        self.lock = threading.Lock()

    def verify(self, _password, _hash):
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        time.sleep(0.02)
        with self.lock:
            self.inside -= 1
        return True


def test_a_third_waits_for_its_turn():
    counting = Counting()
    bounded = BoundedHasher(counting)

    threads = [
        threading.Thread(target=bounded.verify, args=("password", "hash"))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counting.most == AT_ONCE == 2


def test_flask_securitys_own_functions_go_through_it_and_make_argon2id(
    app, monkeypatch, tmp_path
):
    monkeypatch.setattr(extension, "pwd_context", extension.pwd_context)
    monkeypatch.delitem(security.SETTINGS, "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS")
    heavy = create_app(settings(tmp_path))  # with the hash that people get

    with heavy.app_context():
        hashed = hash_password("a long enough password")

        assert isinstance(heavy.extensions["security"].pwd_context, BoundedHasher)
        assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert verify_password("a long enough password", hashed)
        assert not verify_password("another password", hashed)
