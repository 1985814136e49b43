"""Django's `migrate`, which waits for no table for long.

Whoever changes a table waits until everybody who uses it is through, and everybody who comes later
waits behind them: one long report, and the school stands still.
"""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg.errors import LockNotAvailable

# These wait beside the work of the site, and are given up at a price: an invalid index stays.
PATIENT = (
    "CREATE INDEX CONCURRENTLY",
    "CREATE UNIQUE INDEX CONCURRENTLY",
    "DROP INDEX CONCURRENTLY",
)
LOCKING = ("ALTER TABLE", "CREATE ", "DROP ", "LOCK ", "COMMENT ")
WAITED = (
    "A table that is to be changed was in use for more than {} seconds. The migration has given "
    "up, so that nobody waits behind it, and has changed nothing. Run `migrate` again in a quieter "
    "moment; whatever was done before stays done."
)


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--lock-seconds", type=int, default=10, metavar="N",
            help="give up after waiting so long for a table that is in use (10; 0: never)",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        connection, seconds = connections[options["database"]], options["lock_seconds"]

        def with_patience(
            execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]
        ) -> Any:
            words = str(sql).lstrip().upper()
            is_one = words.startswith(LOCKING) and not words.startswith(PATIENT)
            if is_one and connection.in_atomic_block:  # it holds for one transaction
                context["cursor"].cursor.execute(f"SET LOCAL lock_timeout = '{seconds}s'")
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(with_patience):
                super().handle(*args, **options)
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            raise CommandError(WAITED.format(seconds)) from error
