"""How passwords are hashed: by which numbers, what becomes of older hashes, and what it costs."""

import subprocess
import sys
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client

from accounts.models import User
from lms.settings import PASSWORD_HASHERS
from tests.accounts.conftest import PASSWORD

# Sixteen people sign in at once, and nothing else is in this process.
SIXTEEN = """
from pathlib import Path
from concurrent.futures import ThreadPoolExecutor
from accounts.hashers import Argon2
hasher = Argon2()
with ThreadPoolExecutor(16) as people:
    salts = [f"salt-of-{number:02}-xyz" for number in range(16)]
    hashes = list(people.map(lambda salt: hasher.encode("a long walk", salt), salts))
assert len(set(hashes)) == 16
status = Path("/proc/self/status").read_text()
print(status.partition("VmHWM:")[2].split()[0])
"""


@pytest.fixture
def as_in_production(settings: Any) -> None:
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS


def test_a_new_password_is_hashed_by_owasps_numbers(bob: User, as_in_production: None) -> None:
    bob.set_password(PASSWORD)
    assert bob.password.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")


def test_an_older_hash_becomes_a_new_one_at_sign_in(bob: User, as_in_production: None) -> None:
    hasher = PBKDF2PasswordHasher()
    bob.password = hasher.encode(PASSWORD, hasher.salt(), iterations=1000)
    bob.save()
    browser = Client()
    browser.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    bob.refresh_from_db()
    assert bob.password.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    assert bob.check_password(PASSWORD)
    assert browser.get("/settings/").status_code == 200


def test_sixteen_sign_ins_at_once_stay_below_a_gigabyte(settings: Any) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SIXTEEN],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
    )  # fmt: skip
    kilobytes = int(done.stdout)
    assert 46 * 1024 < kilobytes < 1024 * 1024
