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
    ("/admin/", "", "lists of the admin count their rows, and are searched by any word"),
    ("/studio/business/", "assessments_run", "staff's numbers; runs are forgotten after a week"),
)


def shape_of(sql: str) -> str:
    return " ".join(LITERALS.sub("?", LISTS.sub("(%s)", sql)).split())


class Statements:
    """Those of some pages, by page and by shape, with one example of each shape."""

    def __init__(self) -> None:
        self.pages: dict[str, Counter[str]] = {}
        self.examples: dict[str, tuple[str, Any, str]] = {}
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
                self.examples.setdefault(shape, (sql, params, page))
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
            cursor.execute("SET LOCAL enable_seqscan = off")
            for shape, (sql, params, page) in self.examples.items():
                if is_known(SCANNED, page, shape):
                    continue
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
                [(plan,)] = cursor.fetchall()
                for table in sorted(LARGE.intersection(scanned(plan[0]["Plan"]))):
                    yield f"{page}: scans {table}: {shape}"


def scanned(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for inner in node.get("Plans", []):
        yield from scanned(inner)


def is_known(listed: tuple[tuple[str, str, str], ...], page: str, shape: str) -> bool:
    return any(path in page and word in shape for path, word, _ in listed)
