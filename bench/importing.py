"""The largest course brought in from a folder, again, and in a dry run, against raw statements."""

import hashlib
import io
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from PIL import Image

from bench.figures import Figure
from bench.stage import Stage

LESSONS, QUIZZES, QUESTIONS, MODULES = 120, 93, 222, 12
MEGABYTES = 30
MEMORY = 300 * 1024
# In the order in which their rows refer to each other.
TABLES = (
    "courses_course", "courses_module", "courses_lesson", "courses_asset", "assessments_quiz",
    "assessments_question", "assessments_option",
)  # fmt: skip
WRITES = f"""
    SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables
    WHERE relname IN ({", ".join(f"'{name}'" for name in TABLES)})
"""
WORDS = "A loop repeats what stands in it, and a name keeps what came of it until it is asked for."


@dataclass(frozen=True)
class Done:
    """One run of the command as a whole process. `memory` in kB, as VmHWM says it."""

    seconds: float
    memory: int
    wal: int


def run(stage: Stage) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="waymark-import-") as name:
        root = Path(name, "largest")
        write_course(root, stage.scale)
        stage.databases.empty("importing")
        os.environ["MEDIA_ROOT"] = str(Path(name, "media"))
        idle = command(stage, "check", "--database", "default")
        foretold = bring(stage, root, "--dry-run")
        first = bring(stage, root)
        stage.databases.settle("importing")
        before = writes(stage)
        again = bring(stage, root)
        written = writes(stage) - before
        bound = raw(stage, root) + idle.seconds
        yield Figure("the first import", first.seconds, "s", "raw INSERT", bound)
        yield Figure("the first import by the clock", first.seconds, "s", "15 s", 15, "<= 1")
        yield Figure("the same again", again.seconds, "s", "raw INSERT", bound)
        yield Figure("the same again by the clock", again.seconds, "s", "5 s", 5, "<= 1")
        yield Figure("the same again, rows written", written, "rows", "none", 0, "<= 0")
        yield Figure("the same again, WAL", again.wal / 1e6, "MB", "the first", first.wal / 1e6)
        yield Figure("a dry run", foretold.seconds, "s", "raw INSERT", bound)
        yield Figure("a dry run by the clock", foretold.seconds, "s", "10 s", 10, "<= 1")
        most = max(done.memory for done in (first, again, foretold))
        yield Figure("most memory", most / 1024, "MB", "bound", MEMORY / 1024, "<= 1")


def bring(stage: Stage, root: Path, *options: str) -> Done:
    return command(stage, "import_course", str(root), *options)


def command(stage: Stage, *arguments: str) -> Done:
    """A command of manage.py as a process of its own."""
    env = {**os.environ, "DATABASE_URL": stage.databases.url("importing")}
    line, before = [sys.executable, "manage.py", *arguments], position(stage)
    began = time.perf_counter()
    child = subprocess.Popen(line, env=env, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in {0, 2}:
        raise RuntimeError(f"{' '.join(arguments)} failed")
    return Done(seconds, used.ru_maxrss, position(stage) - before)


def position(stage: Stage) -> int:
    with stage.databases.connect("importing") as link:
        row = link.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchone()
    return int(str(row[0])) if row else 0


def writes(stage: Stage) -> int:
    """Rows of a course that were ever written, by the statistics of the server."""
    # They are told by each process when it ends.
    time.sleep(1)
    with stage.databases.connect("importing") as link:
        row = link.execute(WRITES).fetchone()
    return int(str(row[0])) if row else 0


def raw(stage: Stage, root: Path) -> float:
    """Seconds for reading and hashing the files and inserting the same rows once more."""
    stage.databases.use("importing")
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"CREATE TABLE raw_{table} (LIKE {table} INCLUDING ALL)")
    began = time.perf_counter()
    for place in sorted(root.rglob("*")):
        if place.is_file():
            hashlib.sha256(place.read_bytes()).hexdigest()
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            columns = ", ".join(written_columns(table))
            cursor.execute(f"INSERT INTO raw_{table} ({columns}) SELECT {columns} FROM {table}")
    return time.perf_counter() - began


def written_columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        return [name for (name,) in cursor.fetchall()]


def write_course(root: Path, scale: float) -> None:
    """The folder: lessons that show pictures and name each other, quizzes, and files."""
    chance = random.Random(7)
    pictures = write_files(root / "assets", chance, max(2, round(MEGABYTES * 2 * min(scale, 1))))
    (root / "course.yaml").write_text(
        "format: 1\nid: largest\ntitle: The largest\nsummary: Everything.\nlanguage: python\n"
    )
    each, quizzes = LESSONS // MODULES, 0
    for module in range(1, max(1, round(MODULES * min(scale, 1))) + 1):
        folder = root / f"{module:02}-part-{module}"
        folder.mkdir()
        (folder / "module.yaml").write_text(f"id: part-{module}\ntitle: Part {module}\n")
        for number in range(1, each + 1):
            name = f"{module}-{number}"
            text = lesson_text(number, each, pictures[(module * each + number) % len(pictures)])
            front = f"---\nid: l-{name}\ntitle: Lesson {name}\n---\n"
            (folder / f"{2 * number:02}-l{number}.md").write_text(front + text)
            if quizzes < QUIZZES:
                questions = (quizzes + 1) * QUESTIONS // QUIZZES - quizzes * QUESTIONS // QUIZZES
                quiz = folder / f"{2 * number + 1:02}-q{number}.quiz.yaml"
                quiz.write_text(quiz_text(name, questions))
                quizzes += 1


def write_files(folder: Path, chance: random.Random, number: int) -> list[str]:
    """Files of half a megabyte: photographs, pictures without loss, and a part as videos."""
    folder.mkdir(parents=True)
    names = []
    for at in range(number):
        kind = ("jpg", "png", "mp4")[at % 3]
        out = io.BytesIO(chance.randbytes(500_000) if kind == "mp4" else b"")
        if kind != "mp4":
            side = 720 if kind == "jpg" else 408
            noise = Image.frombytes("RGB", (side, side), chance.randbytes(3 * side * side))
            noise.save(out, "JPEG" if kind == "jpg" else "PNG", quality=85)
            names.append(f"f{at}.{kind}")
        (folder / f"f{at}.{kind}").write_bytes(out.getvalue())
    return names


def lesson_text(number: int, each: int, picture: str) -> str:
    code = "```python\nfor number in range(10):\n    print(number, number ** 2)\n```\n"
    parts = [f"## Step {step}\n\n{' '.join([WORDS] * 6)}\n\n{code}" for step in range(1, 7)]
    after = number % each + 1
    link = f"Next comes [lesson {after}]({2 * after:02}-l{after}.md).\n"
    return "\n".join([f"![A picture](../assets/{picture})\n", *parts, link])


def quiz_text(name: str, questions: int) -> str:
    lines = [f"id: q-{name}", f"title: Check {name}", "questions:"]
    for number in range(questions):
        lines += [
            f"  - id: question-{number}", "    type: single", f"    prompt: What does {number} do?",
            "    options:", "      - {id: this, text: It counts., correct: true}",
            "      - {id: that, text: It stops.}", "      - {id: none, text: Nothing.}",
            f"    explanation: {WORDS}",
        ]  # fmt: skip
    return "\n".join(lines) + "\n"
