"""How the SELECT of a badge is put together: rows of (user_id, at, n).

`n` is the count or the value that was reached, `at` when. `happened` holds the events of the
people that are looked at, read once for all badges. `{people}` stands for who they are: one
person, or a range of them.
"""

# ruff: noqa: S608 - put together from the texts of this package alone

HAPPENED = """
    happened AS MATERIALIZED (
      SELECT event.user_id, event.id, event.kind, event.subject, event.created_at AS at,
        event.data, split_part(event.subject, ':', 2) AS thing
      FROM activity_event event
      WHERE event.user_id {people} AND event.kind = ANY(%(kinds)s))
"""


def once(rows: str) -> str:
    """Reached with the first of these rows, and there is no more to reach."""
    return f"SELECT user_id, min(at) AS at, 1 AS n FROM ({rows}) AS row GROUP BY user_id"


def counted(rows: str) -> str:
    """Each of these rows is one more."""
    return f"""
        SELECT user_id, at, row_number() OVER (PARTITION BY user_id ORDER BY at) AS n
        FROM ({rows}) AS row
    """


def each(thing: str, where: str) -> str:
    """The first event of each thing, among those that fit."""
    return f"""
        SELECT user_id, min(at) AS at FROM happened WHERE {where} GROUP BY user_id, {thing}
    """


def of_kind(kind: str) -> str:
    """Events that the database keeps once for each thing anyway."""
    return f"SELECT user_id, at FROM happened WHERE kind = '{kind}'"
