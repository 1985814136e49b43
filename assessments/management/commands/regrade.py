"""Mark finished attempts at a quiz again."""

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from tqdm import tqdm

from assessments.models import Quiz
from assessments.regrading import LONGEST_REASON, Change, changes, regrade
from assessments.replies import is_text
from courses.models import Lesson


class Command(BaseCommand):
    help = (
        "Mark all finished attempts at a quiz again by the key and passing score as they stand "
        "now. Scores go up; they are lowered only with --lower and a reason. May be interrupted "
        "and run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "quiz", metavar="QUIZ", help="the id of a quiz or of its lesson, or COURSE/LESSON"
        )
        parser.add_argument("--dry-run", action="store_true", help="say it only, change nothing")
        parser.add_argument("--lower", action="store_true", help="lower scores too")
        parser.add_argument(
            "--reason", default="", metavar="TEXT", help="why scores are lowered; learners read it"
        )
        parser.add_argument("--json", action="store_true", help="print everything as JSON")

    def handle(self, **options: Any) -> None:
        lower, reason = options["lower"], options["reason"].strip()
        if lower != bool(reason):
            raise CommandError("--lower and --reason go together.", returncode=2)
        if not is_text(reason, LONGEST_REASON):
            text = f"--reason: a text of at most {LONGEST_REASON} characters."
            raise CommandError(text, returncode=2)
        quiz = find_quiz(options["quiz"])
        if quiz is None:
            raise CommandError(f"No such quiz: {options['quiz']}")
        finished = quiz.attempts.closed().count()
        silent = options["json"]
        with tqdm(total=quiz.attempts.count(), unit=" attempts", delay=1, disable=silent) as bar:
            if options["dry_run"]:
                done = list(changes(quiz, lower=lower, on_chunk=bar.update))
            else:
                done = regrade(quiz, by=None, lower=lower, reason=reason, on_chunk=bar.update)
        kept = 0 if lower else sum(one.lowered for one in changes(quiz))
        facts = {
            "finished": finished,
            "up": sum(one.raised for one in done),
            "down": sum(one.lowered for one in done),
            "unchanged": finished - len(done),
            "kept": kept,
        }
        if options["json"]:
            rows = [as_json(one) for one in done]
            summary = {"quiz": str(quiz.pk), "dry_run": options["dry_run"], **facts}
            self.stdout.write(json.dumps({**summary, "changes": rows}))
            return
        for one in done:
            self.stdout.write(line(one))
        self.stdout.write(sentence(quiz, dry_run=options["dry_run"], **facts))


def find_quiz(name: str) -> Quiz | None:
    """The quiz of that id, of the lesson of that id, or of that lesson of a course."""
    course, slash, lesson = name.partition("/")
    if slash:
        lessons = Lesson.objects.with_drafts().filter(course__slug=course, slug=lesson)
        wanted = Q(lesson__in=lessons)
    else:
        try:
            key = UUID(name)
        except ValueError:
            return None
        wanted = Q(pk=key) | Q(lesson=key)
    return Quiz.objects.select_related("lesson__course").filter(wanted).first()


def line(change: Change) -> str:
    attempt = change.attempt
    kind = "practice" if attempt.is_practice else "attempt"
    text = f"{attempt.user.email}, {kind} {attempt.number}: {change.before} % → {change.after} %"
    if change.passed_before == change.passed_after:
        return text
    return f"{text}, {'now passes' if change.passed_after else 'no longer passes'}"


def sentence(
    quiz: Quiz, *, dry_run: bool, finished: int, up: int, down: int, unchanged: int, kept: int
) -> str:
    would = "would go" if dry_run else "went"
    text = (
        f"{quiz}: of {finished} finished attempts {up} {would} up, {down} {would} down, "
        f"{unchanged} stay as they are."
    )
    if kept:
        text += f" {kept} of these would fall and keep their score: see --lower."
    return text


def as_json(change: Change) -> dict[str, Any]:
    return {
        "email": change.attempt.user.email,
        "attempt": change.attempt.number,
        "practice": change.attempt.is_practice,
        "before": change.before,
        "after": change.after,
        "passed_before": change.passed_before,
        "passed_after": change.passed_after,
    }
