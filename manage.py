#!/usr/bin/env python
"""Django's command line for Waymark."""

import os
import sys


def main() -> None:
    """Run the command; wrong settings, or a database that is away, are a sentence, not a trace."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    os.environ.setdefault("DATABASE_POOL", "0")
    try:
        "".join(sys.argv).encode()
    except UnicodeEncodeError:
        sys.exit("An argument is not text in UTF-8.")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, connection

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if settings.configured:
            raise
        sys.exit(str(error))
    except OperationalError as error:
        if connection.is_usable():
            raise
        sys.exit(f"Cannot connect to the database. ({type(error.__cause__ or error).__name__})")


if __name__ == "__main__":
    main()
