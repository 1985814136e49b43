"""What each page asks the database: the same again and again, or what no index can serve."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

# Lists of any length, numbers and texts that stand in a statement itself, names of savepoints.
LISTS = re.compile(r"\((?:%s(?:::\w+)?(?:, )?)+\)")
LITERALS = re.compile(r"'(?:[^']|'')*'|\b\d+\b")
LIMIT = re.compile(r" LIMIT \d+")
QUESTION = re.compile(r"(?i)[\s(]*(?:SELECT|WITH|INSERT|UPDATE|DELETE)\b")

# Tables that grow with people and with what they do.
LARGE = {
    "accounts_user", "accounts_profile", "account_emailaddress", "accounts_auditentry",
    "activity_analyticsevent", "activity_event", "assessments_answer", "assessments_attempt",
    "assessments_attemptanalysis", "assessments_draft", "assessments_run",
    "assessments_submission", "assessments_submissionanalysis", "assessments_testresult",
    "certificates_certificate", "enrollments_enrollment", "enrollments_languageenrollment",
    "gamification_activeday", "gamification_award", "gamification_boardrow",
    "gamification_standing", "gamification_streak", "gamification_xptransaction",
    "notifications_delivery", "notifications_emaillog", "notifications_notification",
    "progress_courseprogress", "progress_lessonprogress", "progress_lessonview",
}  # fmt: skip
# A page may ask the same so often. What goes beyond: where, about what, and why that is well.
MOST = 3
REPEATED = (
    ("", "mfa_authenticator", "allauth asks for each of its ways to confirm who somebody is"),
    ("_facets=True", "", "Django asks for the choices of a filter again when it counts each"),
    ("/admin/gamification/policy/add/", "gamification_policy", "one row: four asks whether it is"),
)
# What reads all of a large table: where, about what, and why that is well.
SCANNED = (
    (
        r"/admin/\w+/\w+/(add/)?(\?|$)",
        "",
        "lists of the admin count their rows, and are searched by any word; forms offer all rows",
    ),
    (": /admin/$", "accounts_user", "numbers of everybody on the admin's front page"),
    ("/studio/business/", "assessments_run", "staff's numbers; runs are forgotten after a week"),
)
# Ways that read all there is. Joins of these kinds do so on one side at least.
WITHOUT_AN_INDEX = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
# Among a few rows any index will do. So PostgreSQL is told of a million on each page; of a table
# without any row it believes nothing.
GROWN = """
    UPDATE pg_class SET relpages = 1, reltuples = 1000000
    WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s) AND pg_relation_size(oid) > 0
    RETURNING relname
"""
# Ways of going along an index, and what asks for all rows below it before it gives its first.
ALONG = {"Index Scan", "Index Only Scan"}
TAKES_ALL = {"Sort", "Aggregate", "WindowAgg", "Hash"}
PARTIAL = """
    SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indpred IS NOT NULL
"""


def shape_of(sql: str) -> str:
    return " ".join(LITERALS.sub("?", LISTS.sub("(%s)", sql)).split())


class Statements:
    """Those of some pages, by page and by shape, with an example of each that must have an index.

    The same may be excused on one page and not on the next.
    """

    def __init__(self) -> None:
        self.pages: dict[str, Counter[str]] = {}
        self.examples: dict[str, tuple[str, Any, str]] = {}  # none of an excused page
        self.shapes: dict[str, str] = {}

    @contextmanager
    def of(self, page: str) -> Iterator[None]:
        counted = self.pages.setdefault(page, Counter())

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql not in self.shapes:
                self.shapes[sql] = shape_of(sql)
            shape = self.shapes[sql]
            if QUESTION.match(sql):
                counted[shape] += 1
                if shape not in self.examples and not is_known(SCANNED, page, shape):
                    self.examples[shape] = (sql, params, page)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            yield

    def repeated(self) -> Iterator[str]:
        """What a page asks again and again, as for each row of a list."""
        for page, counted in self.pages.items():
            for shape, times in counted.items():
                if times > MOST and not is_known(REPEATED, page, shape):
                    yield f"{page}: {times} times: {shape}"

    def scans(self) -> Iterator[str]:
        """What reads a large table from end to end, since no index serves it."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PARTIAL)
            partial = {name for (name,) in cursor.fetchall()}
            cursor.execute(GROWN, [sorted(LARGE)])
            grown = {name for (name,) in cursor.fetchall()}
            for way in WITHOUT_AN_INDEX:
                cursor.execute(f"SET LOCAL {way} = off")
            # Nothing large fits into a table of hashes.
            cursor.execute("SET LOCAL work_mem = '64kB'")
            for shape, (sql, params, page) in self.examples.items():
                found = set(LARGE)
                # In the hope of few, an order is followed though an index would find them all.
                for asked in (sql, LIMIT.sub("", sql)):
                    cursor.execute(f"EXPLAIN (FORMAT JSON) {asked}", params)
                    [(plan,)] = cursor.fetchall()
                    found &= {*scanned(plan[0]["Plan"], grown, partial)}
                for table in sorted(found):
                    yield f"{page}: scans {table}: {shape}"


def scanned(
    node: dict[str, Any], grown: set[str], partial: set[str], *, limited: bool = False
) -> Iterator[str]:
    """Tables that are read to their end: row after row, or along an index that finds nothing.

    Along an index for the sake of its order is well, if the first rows that come are enough. A
    partial index is small by itself.
    """
    kind = node["Node Type"]
    along = kind in ALONG and "Index Cond" not in node and node["Index Name"] not in partial
    along = along and node["Relation Name"] in grown
    if kind == "Seq Scan" or (along and not (limited and "Filter" not in node)):
        yield node["Relation Name"]
    limited = kind == "Limit" or (limited and kind not in TAKES_ALL)
    # Which side of a join comes first is a guess, without statistics.
    grown = set() if kind == "Nested Loop" else grown
    for inner in node.get("Plans", []):
        yield from scanned(inner, grown, partial, limited=limited)


def is_known(listed: tuple[tuple[str, str, str], ...], page: str, shape: str) -> bool:
    return any(re.search(path, page) and word in shape for path, word, _ in listed)
