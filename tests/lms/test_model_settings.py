"""What is said of a model in the environment: read from files too, and wrong with one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from lms.settings import check_model
from tools.serve import WORKERS, Site

ROOT = Path(__file__).parent.parent.parent
URL, KEY = "https://models.example/v1", "sk-not-for-anybody"


def test_an_address_and_a_name_are_enough():
    check_model(URL, "", "m")
    check_model("http://127.0.0.1:11434/v1", KEY, "vendor/m:8b")


@pytest.mark.parametrize(
    ("url", "key", "model", "says"),
    [
        ("models.example/v1", KEY, "m", "AI_BASE_URL is an address"),
        ("ftp://models.example/v1", KEY, "m", "AI_BASE_URL is an address"),
        ("https://", KEY, "m", "AI_BASE_URL is an address"),
        (f"https://me:{KEY}@models.example", "", "m", "AI_BASE_URL holds no secret"),
        (f"{URL}?key={KEY}", "", "m", "AI_BASE_URL holds no secret"),
        (URL, KEY, "", "Set AI_MODEL"),
        (URL, KEY, "m" * 101, "Set AI_MODEL"),
        (URL, f"{KEY}\nHost: x", "m", "AI_API_KEY holds characters"),
        (URL, f"{KEY}ä", "m", "AI_API_KEY holds characters"),
    ],
)
def test_what_cannot_work_is_said_without_the_key(url, key, model, says):
    with pytest.raises(ImproperlyConfigured, match=says) as refusal:
        check_model(url, key, model)
    assert KEY not in str(refusal.value)


def start(code, **env):
    """Read the settings in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", f"import lms.settings as s; {code}"],
        env={**os.environ, **env},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_start_without_the_name_of_the_model_ends_with_a_sentence():
    ended = start("", AI_BASE_URL=URL, AI_API_KEY=KEY, AI_MODEL="")
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].endswith(
        "Set AI_MODEL: the name of the model at AI_BASE_URL."
    )
    assert KEY not in ended.stderr


def test_a_start_with_no_draft_a_minute_ends_with_a_sentence():
    ended = start("", AI_BASE_URL=URL, AI_MODEL="m", AI_DRAFTS_PER_MINUTE="0")
    assert ended.returncode == 1
    assert "AI_DRAFTS_PER_MINUTE is at least 1" in ended.stderr.splitlines()[-1]


def test_secrets_are_read_from_files(tmp_path):
    (tmp_path / "key").write_text(f"{KEY}\n")
    told = start(
        "print(s.AI_API_KEY, s.AI_BASE_URL)",
        AI_BASE_URL=f"{URL}/",
        AI_MODEL="m",
        AI_API_KEY_FILE=str(tmp_path / "key"),
    )
    assert told.stdout.split() == [KEY, URL]


@pytest.mark.parametrize("env", [{}, {"AI_BASE_URL": ""}])
def test_without_a_model_no_worker_waits_for_one(env):
    assert "drafter" not in commands(env)


@pytest.mark.parametrize("name", ["AI_BASE_URL", "AI_BASE_URL_FILE"])
def test_with_a_model_a_worker_asks_it_in_threads(name):
    command = commands({name: URL})["drafter"]
    assert "-P threads -Q model --concurrency 4" in " ".join(command)
    assert "drafter" in WORKERS


def commands(env):
    site = Site.__new__(Site)
    site.env, site.port, site.debug = env, 8000, False
    return site.commands()
