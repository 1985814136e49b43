"""Awarding a hundred thousand learners their badges, against the badges' SELECTs alone."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from bench.backfill import memory_of
from bench.figures import Figure
from bench.stage import Stage
from gamification.achievements.awarding import award, reached
from gamification.achievements.statements import KINDS, facts
from gamification.models import Award, Policy
from studio.scale import School, people

PEOPLE, COURSES, ALLOWED, MEMORY, LOOKS = 100_000, 2, 600, 200, 100
SCHOOL = "achievements"
EVERYBODY = f"{facts('IS NOT NULL')} SELECT count(*) FROM fact"


@dataclass(frozen=True)
class Done:
    """One run of the command: awards and bonuses written, seconds, the most memory it held."""

    awards: int
    paid: int
    seconds: float
    memory: int


def run(stage: Stage) -> Iterator[Figure]:
    number = stage.scaled(PEOPLE, 200)
    stage.school(SCHOOL, School(number, COURSES))
    raw = selects()
    stage.say(f"the SELECTs for everybody in one statement: {raw:.1f} s")
    counted = command(stage, "--dry-run")
    first = command(stage)
    again = command(stage)
    if not counted.awards == first.awards == Award.objects.count() > 0:
        raise RuntimeError("The dry run and the run do not agree.")
    name = f"award_achievements for {number:,} learners"
    yield Figure(name, first.seconds, "s", "allowed", ALLOWED, "<= 1")
    yield Figure(name, first.seconds, "s", "the SELECTs alone", raw)
    yield Figure("a dry run", counted.seconds, "s", "the SELECTs alone", raw)
    yield Figure("a second run of awards, rows written", again.awards, "", "the first",
                 first.awards, "<= 0")  # fmt: skip
    Policy.objects.create(bonuses_pay=True)
    paying = command(stage)
    yield Figure(f"paying {paying.paid:,} bonuses as well", paying.seconds, "s", "the first",
                 first.seconds, "<= 1")  # fmt: skip
    memory = max(done.memory for done in (counted, first, again, paying)) / 1e6
    yield Figure("most memory of the process", memory, "MB", "allowance", MEMORY, "<= 1")
    yield from one_person()


def selects() -> float:
    """Seconds of the badges' SELECTs for everybody at once: nothing is batched or written."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        began = time.perf_counter()
        cursor.execute(EVERYBODY, {"kinds": KINDS})
        return time.perf_counter() - began


def command(stage: Stage, *options: str) -> Done:
    """The whole process, from its start to its end."""
    arguments = [sys.executable, "manage.py", "award_achievements", "--json", *options]
    env = {**os.environ, "DATABASE_URL": stage.databases.url(SCHOOL)}
    began, memory = time.perf_counter(), 0
    process = subprocess.Popen(arguments, env=env, stdout=subprocess.PIPE)
    while process.poll() is None:
        memory = max(memory, memory_of(process.pid))
        time.sleep(0.02)
    seconds = time.perf_counter() - began
    said = process.communicate()[0]
    if process.returncode:
        raise RuntimeError("award_achievements failed")
    told = json.loads(said)
    done = Done(sum(told["awarded"].values()), sum(told["paid"].values()), seconds, memory)
    stage.say(f"{' '.join(arguments[2:])}: {done.awards:,} and {done.paid:,} in {seconds:.1f} s")
    return done


def one_person() -> Iterator[Figure]:
    """What a task does after an event, and what the page of badges asks, for one of them."""
    some = list(people().order_by("pk")[:LOOKS])
    for name, look in (("one person's badges, awarding", award), ("the same, to show", reached)):
        began = time.perf_counter()
        for user in some:
            look(user)
        milliseconds = 1000 * (time.perf_counter() - began) / len(some)
        yield Figure(name, milliseconds, "ms", "allowed", 50, "<= 1")
