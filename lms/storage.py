"""Where files are kept on this machine's disk."""

import contextlib
import os
from typing import Any

from django.core.files.storage import FileSystemStorage

from accounts.keys import uuid7
from accounts.private_files import HALF


class WholeFiles(FileSystemStorage):
    """A file is under its name whole or not at all, whatever ends the writing of it.

    Files of courses are named by their content and shared, so half a one that a full disk or a
    killed process left under its name would be found, and shown, for good.
    """

    def _save(self, name: str, content: Any) -> str:
        part = f"{name}.{uuid7().hex}{HALF}"
        try:
            super()._save(part, content)  # type: ignore[misc]
            os.replace(self.path(part), self.path(name))
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.path(part))
            raise
        return name.replace("\\", "/")
