"""As whom the database server runs when we are root, and where that user can reach its files."""

import contextlib
import hashlib
import os
import pwd
import subprocess
import tempfile
from pathlib import Path

from tools import children
from tools.children import Account, Failed
from tools.memory import ROOT


def server_account(data: Path) -> Account | None:
    """PostgreSQL refuses root: then it runs as the owner of the data, `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise Failed(
        "PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as."
    )


def may_enter(folder: Path, account: Account | None) -> bool:
    """Whether that user gets into the folder: one closed folder above it is enough for a no."""
    if account is None:
        return True
    walk = ["sh", "-c", 'cd "$1"', "sh", str(folder)]
    return (
        subprocess.run(
            walk, check=False, capture_output=True, cwd="/", **children.as_account(account)
        ).returncode
        == 0
    )


def open_home(near: Path) -> Path:
    """Where the servers' data live: `near`, or for root a folder of this checkout in /var/lib.

    Only a checkout in a closed folder, such as /root, leads elsewhere: nobody opens that folder for
    the sake of a database.
    """
    near.mkdir(parents=True, exist_ok=True)
    account = server_account(near / "postgres")
    if account is not None and os.access(near, os.W_OK):
        near.chmod(near.stat().st_mode | 0o111)
    if may_enter(near, account):
        return near
    return folder_outside()


def folder_outside() -> Path:
    """This checkout's own folder where everybody may pass through, made if it is not there."""
    key = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    base = Path("/var/lib") if os.access("/var/lib", os.W_OK) else Path(tempfile.gettempdir())
    folder = base / "waymark" / key
    folder.mkdir(parents=True, exist_ok=True)
    for made in (folder.parent, folder):  # whatever the umask says
        made.chmod(0o711)
    return folder
