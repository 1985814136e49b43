"""Sessions in the database, asked only for keys that can be there."""

import re
from typing import Any

from django.contrib.sessions.backends import db

# What `SessionBase._get_new_session_key` makes.
KEY = re.compile("[a-z0-9]{32}")


class SessionStore(db.SessionStore):
    """Django looks up whatever the cookie holds; a NUL there costs a 500.

    It also takes the cookie away when the key is not there. But when a session goes on by another
    key, what another tab asked by the old one may be answered last, and would take away the new
    one's. So a key that opens nothing makes a guest, and the cookie stays; signing out ends it.
    """

    opens_nothing = False

    def load(self) -> dict[str, Any]:
        held: dict[str, Any] = super().load()
        self.opens_nothing = self.session_key is None
        return held

    def is_empty(self) -> bool:
        """What `SessionMiddleware` asks before it takes the cookie away."""
        unused = self.opens_nothing and not self.modified
        return super().is_empty() and not unused

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and KEY.fullmatch(key))
