"""The contracts of the house: what holds for every room, now and later."""

import ast
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from activity.models import Event
from notifications.messages import MESSAGES
from notifications.silence import SILENT

ROOT = Path(__file__).resolve().parent.parent
APPS = [
    "lms", "sandbox", "accounts", "courses", "activity", "billing", "enrollments", "progress",
    "assessments", "gamification", "certificates", "notifications", "classroom", "studio", "api",
]  # fmt: skip
NO_ROOM = {"utils", "helpers", "common", "core", "services", "mixins", "misc", "signals_handlers"}


def modules():
    return [path for app in APPS for path in (ROOT / app).rglob("*.py")]


def code():
    return [path for path in modules() if "migrations" not in path.parts]


def test_a_floor_imports_only_floors_below_it():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    linter = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert linter.returncode == 0, linter.stdout


def test_every_app_has_its_room():
    assert all((ROOT / app / "__init__.py").is_file() for app in APPS)


def test_no_module_has_a_name_that_says_nothing():
    named = [path for path in modules() if NO_ROOM & {path.stem, *path.relative_to(ROOT).parts}]
    assert not named


def test_every_module_says_what_it_is_for():
    assert not [path for path in code() if not ast.get_docstring(ast.parse(path.read_text()))]


def test_no_module_has_grown_too_long():
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in code()}
    assert not {
        path: lines for path, lines in long.items() if lines > 300 and "settings" not in path
    }


def test_models_are_saved_without_signals():
    pattern = re.compile(r"\b(?:pre|post)_(?:save|delete)\b|m2m_changed")
    assert not [path for path in code() if pattern.search(path.read_text())]


def test_nothing_is_imported_inside_a_function_across_rooms():
    pattern = re.compile(rf"^[ \t]+(?:from|import) (?:{'|'.join(APPS)})\b", re.MULTILINE)
    dodged = [
        path for path in code() if pattern.search(path.read_text()) and path.name != "apps.py"
    ]
    assert not dodged


def test_no_migration_is_missing(db):
    out = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)
    assert "No changes" in out.getvalue()


@pytest.mark.parametrize("path", ["tools/serve.py", "docker-compose.yml", "docs/self-hosting.md"])
def test_every_queue_has_a_worker(path):
    named = re.findall(r"""(?:queue\("|-Q[", ]+)([a-z,]+)""", (ROOT / path).read_text())
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    assert {settings.CELERY_TASK_DEFAULT_QUEUE, *routed} <= {*",".join(named).split(",")}


def test_mail_leaves_by_the_outbox_or_is_written_down():
    """Whoever writes a mail sends it by the default mailer, which leaves a row of it."""
    past = re.compile(r"\bmailers\b|\bsmtplib\b|mail\.get_connection|\.send\([^)]*using=")
    named = {path.relative_to(ROOT).as_posix() for path in code() if past.search(path.read_text())}
    assert named == {
        "notifications/mailing.py", "notifications/mail_backend.py", "notifications/mail_faults.py",
    }  # fmt: skip
    assert settings.CELERY_TASK_ROUTES["notifications.tasks.send_mail"] == {"queue": "mail"}


def test_mail_is_written_as_text_and_as_html_and_says_why_it_came():
    """`accounts.mail` writes all of it; what it takes for that, nobody can leave out."""
    bare = re.compile(r"\bEmail(?:Message|MultiAlternatives)\(|mail import send_|\bLetter\(")
    named = {path.relative_to(ROOT).as_posix() for path in code() if bare.search(path.read_text())}
    assert named == {"accounts/mail.py"}


def test_migrations_have_telling_names():
    names = [path.stem for path in modules() if path.parent.name == "migrations"]
    assert not [name for name in names if re.match(r"\d{4}_auto_", name)]


def test_every_kind_of_event_has_a_message_or_is_declared_silent():
    assert set(Event.Kind) <= MESSAGES.keys() | SILENT.keys()
    assert not MESSAGES.keys() & SILENT.keys()
    assert all(SILENT.values())


def test_no_key_counts_up_from_one():
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in APPS]
    counting = [m for m in ours if m._meta.pk.get_internal_type() in ("AutoField", "BigAutoField")]
    assert not counting


RULES = [
    ("accounts_user", "user_email_unique"),
    ("accounts_school", "school_is_one"),
    ("accounts_school", "school_is_the_one"),
    ("activity_event", "event_once"),
    ("enrollments_enrollment", "enrollment_once"),
    ("enrollments_languageenrollment", "language_enrollment_once"),
    ("progress_lessonprogress", "lesson_progress_once"),
    ("progress_lessonview", "lesson_view_once"),
    ("progress_courseprogress", "course_progress_once"),
    ("progress_courseprogress", "course_progress_bounds"),
    ("gamification_xptransaction", "xp_source_pays_once"),
    ("gamification_xptransaction", "xp_amount_in_bounds"),
    ("gamification_standing", "standing_not_negative"),
    ("courses_lesson", "lesson_slug_unique"),
    ("courses_lesson", "lesson_xp_in_bounds"),
    ("courses_lesson", "lesson_in_course_of_module"),
    ("courses_course", "course_not_its_own_prerequisite"),
    ("courses_lesson", "lesson_key_unique"),
    ("assessments_question", "question_key_unique"),
    ("assessments_option", "option_key_unique"),
    ("assessments_attempt", "attempt_open_once"),
    ("assessments_attempt", "attempt_number_once"),
    ("assessments_attempt", "attempt_closed_is_scored"),
    ("assessments_answer", "answer_question_once"),
    ("assessments_answer", "answer_was_offered"),
    ("assessments_question", "question_open_pays_nothing"),
    ("assessments_questionreport", "report_open_once"),
    ("assessments_submission", "submission_number_once"),
    ("assessments_submission", "submission_running_is_claimed"),
    ("assessments_submission", "submission_judged_is_scored"),
    ("assessments_testresult", "test_result_once"),
    ("assessments_draft", "draft_once"),
    ("assessments_trial", "trial_once"),
    ("assessments_submissionanalysis", "analysis_by_rules_and_other_once"),
    ("assessments_remark", "remark_verdict_of_a_draft"),
    ("assessments_remarkrating", "remark_rated_once"),
    ("assessments_review", "review_of_one_thing"),
    ("assessments_review", "review_decided_by_somebody"),
    ("assessments_review", "review_claimed_by_somebody"),
    ("certificates_certificate", "certificate_once"),
    ("certificates_certificate", "certificate_revoked_with_reason"),
    ("certificates_certificate", "certificate_signed_with_a_key"),
    ("certificates_signingkey", "signing_key_in_use_is_one"),
    ("gamification_season", "seasons_apart"),
    ("gamification_seasonresult", "season_result_once"),
    ("gamification_challengeentry", "challenge_entry_once"),
    ("gamification_challengesolve", "challenge_solve_once"),
    ("billing_checkout", "checkout_open_once"),
    ("billing_subscription", "subscription_current_once"),
    ("billing_subscription", "subscription_late_since_when"),
    ("billing_paymentmethod", "payment_method_default_once"),
    ("billing_seat", "seat_of_address_once"),
    ("billing_seat", "seat_of_person_once"),
    ("billing_price", "price_offered_once"),
    ("billing_customer", "customer_written_was_asked"),
    ("billing_invoice", "invoice_is_numbered"),
    ("notifications_notification", "notification_once"),
    ("notifications_preference", "preference_once"),
    ("notifications_mute", "mute_once"),
    ("notifications_emaillog", "mail_of_a_period_once"),
    ("notifications_delivery", "delivery_once"),
    ("notifications_delivery", "delivery_to_one_place"),
    ("activity_analyticsevent", "look_for_words_is_nobodys"),
    ("activity_analyticsevent", "look_is_of_a_known_kind"),
]


@pytest.mark.parametrize(("table", "rule"), RULES)
def test_the_rules_of_truth_stand_in_the_database(db, table, rule):
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM (
              SELECT conname AS name, conrelid::regclass::text AS tab FROM pg_constraint
              UNION SELECT indexname, tablename FROM pg_indexes
              WHERE indexdef LIKE 'CREATE UNIQUE%%') rules
            WHERE tab = %s AND name = %s
            """,
            [table, rule],
        )
        assert cursor.fetchone()[0] == 1


@pytest.mark.parametrize(
    "table", ["accounts_auditentry", "activity_event", "gamification_xptransaction"]
)
def test_ledgers_have_both_triggers(db, table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'append%%'",
            [table],
        )
        assert {name for (name,) in cursor.fetchall()} == {"append_only_rows", "append_only_table"}


def test_the_project_names_no_machine_and_no_index():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    pattern = re.compile(r"(?<![\w.:/])/(?:work|farm|root)/[a-z]|index-url")
    named = []
    for name in filter(None, listed):
        path = ROOT / name
        if path.suffix in {".woff2", ".webm", ".png"} or name == "tests/test_house.py":
            continue
        if path.is_file() and pattern.search(path.read_text(errors="ignore")):
            named.append(name)
    assert not named


def test_no_title_says_twice_that_there_is_an_error():
    """The frame says it of a page whose `form` has errors."""
    title = re.compile(r"block (?:full_)?title %}{% if (?:\w+ or )?form\.errors")
    pages = [path for path in (ROOT / "templates").rglob("*.html") if path.name != "base.html"]
    assert title.search("{% block title %}{% if form.errors or answering %}")
    assert not [path.name for path in pages if title.search(path.read_text())]


def test_many_of_each_thing_are_called_by_a_word():
    called = [str(one._meta.verbose_name_plural) for one in apps.get_models()]
    assert "challenge entries" in called
    assert not [name for name in called if re.search("[^aeiou]ys$|(is|x|z|ch|sh|due)s$", name)]


def said_too_early(tree):
    """Lines where gettext is asked at import, or once for everybody who comes after."""
    names = {
        one.asname or one.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for one in node.names
        if one.name in {"gettext", "ngettext", "pgettext", "npgettext"}
    }

    def calls(node, is_early):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            decorators = getattr(node, "decorator_list", [])
            kept = any(
                re.match(r"(functools\.)?(lru_)?cache\b", ast.unparse(one)) for one in decorators
            )
            for one in [*decorators, node.args]:
                yield from calls(one, is_early)
            body = node.body if isinstance(node.body, list) else [node.body]
            for one in body:
                yield from calls(one, kept)
            return
        if is_early and isinstance(node, ast.Call) and ast.unparse(node.func) in names:
            yield node.lineno
        for one in ast.iter_child_nodes(node):
            yield from calls(one, is_early)

    return list(calls(tree, True))


def test_no_text_is_said_before_it_is_known_to_whom():
    found = {path: said_too_early(ast.parse(path.read_text())) for path in code()}
    assert not {str(path.relative_to(ROOT)): lines for path, lines in found.items() if lines}


@pytest.mark.parametrize(
    "planted",
    [
        "class Form:\n    field = Field(help_text=_('Say it.'))\n",
        "@cache\ndef names():\n    return [_('Everywhere')]\n",
    ],
)
def test_a_text_that_is_said_too_early_is_found(planted):
    given = "from django.utils.translation import gettext as _\n"
    assert said_too_early(ast.parse(f"{given}{planted}"))
    assert not said_too_early(ast.parse(f"{given}def name():\n    return _('Name')\n"))
