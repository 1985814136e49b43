"""Work that waits too long, and that no check of its own holds against the clock."""

from datetime import timedelta

from celery import current_app

from studio import backlog

# A worker of `default` takes it within seconds, and sweeps come by every minute.
PATIENCE = timedelta(minutes=15)
# What other checks look at, each by its own measure.
ELSEWHERE = {
    "submission": "jobs", "run": "jobs", "trial": "jobs", "rejudging": "jobs",
    "runner_check": "jobs", "draft": "drafts", "mail": "mail", "push": "messages",
    "sms": "messages", "stripe": "payments", "enrolment": "enrolments",
}  # fmt: skip
# All else: what it is called, and the sweep that finds what a lost message left.
SWEEPS = {
    "import": ("Imports of courses", "studio.tasks.take_up_forgotten_imports"),
    "export": ("Exports of one's own data", "accounts.tasks.make_exports"),
    "badges": ("Times that badges were to be looked at", "gamification.tasks.award_those_due"),
    "announcement": ("Announcements", "notifications.tasks.carry_on_announcements"),
}


def waiting_too_long() -> list[tuple[str, int]]:
    """What is called so, and how much of it waits for longer than it should."""
    late = backlog.waiting_longer(PATIENCE, SWEEPS)
    return [(SWEEPS[kind][0], count) for kind, count in late]


def send_again() -> None:
    """Have a worker sweep at once; by their names, because some of these tasks lead to here."""
    for kind, _ in backlog.waiting_longer(PATIENCE, SWEEPS):
        current_app.send_task(SWEEPS[kind][1])
