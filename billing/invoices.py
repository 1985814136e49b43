"""The numbers of invoices: one after the other in each year, none left out, none twice."""

from django.db import connection, transaction
from django.utils.translation import gettext as _


def next_number(year: int) -> str:
    """Give the next number of the year. It is kept, or given again, with the transaction.

    The row of the year stays locked until then: whoever comes meanwhile waits, and takes the next.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            _("A number is given together with its invoice.")
        )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO billing_invoicecounter (year, last) VALUES (%s, 1)
            ON CONFLICT (year) DO UPDATE SET last = billing_invoicecounter.last + 1
            RETURNING last
            """,
            [year],
        )
        return f"INV-{year}-{cursor.fetchone()[0]:03d}"


def gaps(most: int = 100) -> list[str]:
    """Numbers that were given and that no invoice has, or that one has and nobody gave."""
    with connection.cursor() as cursor:
        cursor.execute(
            r"""
            WITH given AS (
              SELECT 'INV-' || year || '-' || lpad(n::text, greatest(3, length(n::text)), '0')
                AS number
              FROM billing_invoicecounter, generate_series(1, last) n
            )
            SELECT coalesce(given.number, invoice.number)
            FROM given FULL JOIN billing_invoice invoice USING (number)
            WHERE given.number IS NULL OR invoice.number IS NULL
            ORDER BY 1 LIMIT %s
            """,
            [most],
        )
        return [number for (number,) in cursor.fetchall()]
