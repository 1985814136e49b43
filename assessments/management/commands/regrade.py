"""Mark finished attempts at a quiz again, or judge the submissions of an assignment again."""

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from tqdm import tqdm

from assessments import rejudging, rejudgings
from assessments.models import Assignment, Quiz, Rejudging
from assessments.regrading import LONGEST_REASON, Change, changes, regrade
from assessments.replies import is_text
from courses.models import Lesson

LONGEST_OF_REJUDGING = Rejudging._meta.get_field("reason").max_length or 0


class Command(BaseCommand):
    help = (
        "Mark all finished attempts at a quiz again by the key and passing score as they stand "
        "now, or judge submissions of an assignment again that were judged by other cases or "
        "rules. Scores go up; they are lowered only with --lower and a reason. May be interrupted "
        "and run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "name",
            metavar="QUIZ-or-ASSIGNMENT",
            help="its id, the id of its lesson, or COURSE/LESSON",
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
        found = find_judged(options["name"])
        if found is None:
            raise CommandError(f"No such quiz or assignment: {options['name']}")
        longest = LONGEST_REASON if isinstance(found, Quiz) else LONGEST_OF_REJUDGING
        if not is_text(reason, longest):
            text = f"--reason: a text of at most {longest} characters."
            raise CommandError(text, returncode=2)
        settings = {"lower": lower, "reason": reason, "dry_run": options["dry_run"]}
        if isinstance(found, Quiz):
            self.mark_again(found, **settings, as_json=options["json"])
        else:
            self.judge_again(found, **settings, as_json=options["json"])

    def mark_again(
        self, quiz: Quiz, *, lower: bool, reason: str, dry_run: bool, as_json: bool
    ) -> None:
        finished = quiz.attempts.closed().count()
        with tqdm(total=quiz.attempts.count(), unit=" attempts", delay=1, disable=as_json) as bar:
            if dry_run:
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
        rows = [marked_as_json(one) for one in done]
        self.tell(
            {"quiz": str(quiz.pk), "dry_run": dry_run, **facts, "changes": rows},
            [line(one) for one in done],
            sentence(quiz, "finished attempts", dry_run=dry_run, **facts),
            as_json=as_json,
        )

    def judge_again(
        self, assignment: Assignment, *, lower: bool, reason: str, dry_run: bool, as_json: bool
    ) -> None:
        """Run the submissions here; whatever breaks it off, a worker goes on with it."""
        row = asked_for(assignment, lower=lower, reason=reason, dry_run=dry_run)
        with tqdm(total=row.left().count(), unit=" submissions", delay=1, disable=as_json) as bar:
            done = rejudging.judge_again(row.pk, bar.update)
        if done is None:
            row.refresh_from_db()
            raise CommandError(why_not_done(row))
        people = rejudgings.people_of(done.changes)
        told = [{**one, "person": people.get(one["submission"], "")} for one in done.changes]
        facts, not_judged = numbers_of(done)
        staying = 0 if lower else rejudgings.staying_of(assignment)
        # What was done is among them by now; what a preview shows is not.
        kept_before = staying - (0 if dry_run else facts["kept"])
        others = {"kept_before": kept_before, "not_judged": not_judged}
        summary = {"assignment": str(assignment.pk), "dry_run": dry_run, **facts, **others}
        end = sentence(assignment, "submissions judged by other cases", dry_run=dry_run, **facts)
        self.tell(
            {**summary, "changes": [judged_as_json(one) for one in told]},
            [judged_line(one) for one in told],
            end + and_those(**others),
            as_json=as_json,
        )

    def tell(self, report: dict[str, Any], lines: list[str], end: str, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report))
            return
        for one in lines:
            self.stdout.write(one)
        self.stdout.write(end)


def find_judged(name: str) -> Quiz | Assignment | None:
    """The quiz or assignment of that id, of the lesson of that id, or of that place in a course."""
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
    quiz = Quiz.objects.select_related("lesson__course").filter(wanted).first()
    return quiz or Assignment.objects.select_related("lesson__course").filter(wanted).first()


def line(change: Change) -> str:
    attempt = change.attempt
    kind = "practice" if attempt.is_practice else "attempt"
    text = f"{attempt.user.email}, {kind} {attempt.number}: {change.before} % → {change.after} %"
    if change.passed_before == change.passed_after:
        return text
    return f"{text}, {'now passes' if change.passed_after else 'no longer passes'}"


def asked_for(assignment: Assignment, *, lower: bool, reason: str, dry_run: bool) -> Rejudging:
    """What is asked for here. One that waits since a command was broken off is gone on with."""
    row = rejudgings.ask(
        assignment, None, preview=dry_run, lower=lower, reason=reason, wake=False
    )  # fmt: skip
    if (row.lower, row.reason, row.revision) != (lower, reason, assignment.revision):
        raise CommandError("Another judging again is under way. Try again when it is done.")
    return row


def why_not_done(row: Rejudging) -> str:
    if not row.is_open:
        return row.fault
    if row.status == row.Status.RUNNING:
        return "A worker has taken it up."
    return f"{row.fault} A worker goes on."


def numbers_of(done: Rejudging) -> tuple[dict[str, int], int]:
    """How many went where, and how many could not be judged, which are not among the unchanged."""
    judged = [one for one in done.changes if not one["fault"]]
    moved = [one for one in judged if not one["stays"]]
    down = sum(one["after"] < one["before"] for one in moved)
    not_judged = len(done.changes) - len(judged)
    facts = {
        "finished": done.looked_at,
        "up": len(moved) - down,
        "down": down,
        "unchanged": done.looked_at - len(moved) - not_judged,
        "kept": len(judged) - len(moved),
    }
    return facts, not_judged


def judged_line(change: dict[str, Any]) -> str:
    text = f"{change['person']}, submission {change['number']}"
    if change["fault"]:
        return f"{text}: not judged, stays at {change['before']} %: {change['fault']}"
    if change["stays"]:
        return f"{text}: stays at {change['before']} %, would be {change['after']} %"
    return f"{text}: {change['before']} % → {change['after']} %"


def sentence(
    judged: Quiz | Assignment, what: str, *, dry_run: bool,
    finished: int, up: int, down: int, unchanged: int, kept: int,
) -> str:  # fmt: skip
    would = "would go" if dry_run else "went"
    text = (
        f"{judged}: of {finished} {what} {up} {would} up, {down} {would} down, "
        f"{unchanged} stay as they are."
    )
    if kept:
        text += f" {kept} of these would fall and keep their score: see --lower."
    return text


def and_those(*, kept_before: int, not_judged: int) -> str:
    """What else is to be said of submissions."""
    text = ""
    if kept_before:
        text += f" {kept_before} more would fall, were looked at before and keep their score."
    if not_judged:
        text += f" {not_judged} could not be judged, through a fault of ours."
    return text


def marked_as_json(change: Change) -> dict[str, Any]:
    return {
        "email": change.attempt.user.email,
        "attempt": change.attempt.number,
        "practice": change.attempt.is_practice,
        "before": change.before,
        "after": change.after,
        "passed_before": change.passed_before,
        "passed_after": change.passed_after,
    }


def judged_as_json(change: dict[str, Any]) -> dict[str, Any]:
    return {
        "email": change["person"],
        "submission": change["number"],
        "before": change["before"],
        "after": change["after"],
        "stays": change["stays"],
        "fault": change["fault"],
    }
