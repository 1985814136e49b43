"""Variables of the environment, or one sentence about what is wrong with one of them."""

import re
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

KINDS: dict[Any, str] = {int: "a whole number", float: "a number", bool: "1 or 0"}
NO = ("false", "off", "no", "n", "0", "")


class Variables(FileAwareMapping):  # type: ignore[misc]
    """A file mostly ends with a line break, what it holds does not."""

    def __getitem__(self, key: str) -> str:
        try:
            value: str = super().__getitem__(key)
        except (OSError, UnicodeDecodeError):
            raise ImproperlyConfigured(f"{key}_FILE is a text file that can be read.") from None
        return value.rstrip("\r\n") if f"{key}_FILE" in self.env else value


class Environment(environ.FileAwareEnv):  # type: ignore[misc]
    """What cannot be read ends the start. It is not repeated: it may be a secret."""

    ENVIRON = Variables(cache=False)

    @classmethod
    def parse_value(cls, value: str, cast: Any) -> Any:
        """A switch that is misspelt is not off."""
        found = super().parse_value(value, cast)
        if cast is bool and not found and value.strip().lower() not in NO:
            raise ValueError(value)
        return found

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError:
            kind = KINDS.get(kwargs.get("cast"), "something else")
            raise ImproperlyConfigured(f"{var} is {kind}.") from None

    def required(self, name: str, hint: str) -> str:
        value: str = self.str(name, default="")
        if not value:
            raise ImproperlyConfigured(f"Set {name}: {hint}")
        return value

    def address(self, name: str, pattern: str, example: str, default: str) -> str:
        value: str = self.str(name, default=default)
        if not re.fullmatch(pattern, value):
            raise ImproperlyConfigured(f"{name} is an address such as {example}.")
        return value

    def database(self, name: str, **options: Any) -> dict[str, Any]:
        """Our options beside those that the address ends with, such as ?sslmode=verify-full."""
        url = self.str(name)
        try:
            is_postgresql = re.match("postgres(ql)?://", url)
            found: dict[str, Any] = self.db_url_config(url) if is_postgresql else {}
        except ValueError:
            found = {}
        if not found.get("NAME"):
            raise ImproperlyConfigured(f"{name} is postgres://user:password@host:5432/name.")
        asked = found.get("OPTIONS", {})
        # What is said twice holds as it was said last: nobody writes to a copy.
        both = " ".join(one["options"] for one in (asked, options) if "options" in one)
        return found | {"OPTIONS": {**options, **asked, "options": both}}
