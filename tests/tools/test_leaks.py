"""A key that was written down is found, in the files and where it was taken out again."""

import subprocess

import pytest

from tools import leaks

LETTERS = "q7Rw2Zt9Lk4Vb8Nm3Xc6Hd1Jf5Gs0PyTuKi4Oa7E"
KEYS = {
    "a private key": "-----BEGIN " + "PRIVATE KEY-----\n" + LETTERS + LETTERS,
    "a key of Stripe": "sk_" + "live_" + LETTERS[:24],
    "a webhook secret": "whsec_" + LETTERS[:32],
    "a key of AWS": "AKIA" + "Q7RW2ZT9LK4VB8NM",
    "a token of GitHub": "ghp_" + LETTERS[:36],
    "a key of Google": "AIza" + LETTERS[:35],
    "a token of Slack": "xoxb-" + LETTERS[:24],
    "a key of a model": "sk-" + LETTERS[:40],
    "a token of ours": "wm_" + LETTERS + "abc",
    "a signed token": f"eyJ{LETTERS[:24]}.eyJ{LETTERS[:24]}.{LETTERS[:24]}",
    "a password in an address": f"postgres://waymark:{LETTERS[:20]}@10.0.0.1/waymark",
    "a secret": f'CLIENT_SECRET = "{LETTERS[:36]}"',
}


@pytest.mark.parametrize("kind", leaks.KEYS)
def test_each_kind_is_found_and_told_by_its_first_signs_alone(kind):
    (told,) = leaks.leaks_in(f"before\n{KEYS[kind]}\nafter")
    assert told.startswith(f"{kind}: ")
    assert LETTERS[10:] not in told


def test_what_says_that_it_is_made_up_is_none():
    assert not list(leaks.leaks_in('token = "Planted00AndNotForAnybody00Example99"'))


@pytest.fixture
def repository(tmp_path):
    def git(*arguments):
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    def commit(text):
        (tmp_path / "settings.txt").write_text(text)
        git("add", "-A")
        git("commit", "-m", "Change it")

    git("init", "-q")
    commit("nothing here\n")
    return commit, tmp_path


def test_a_key_is_found_in_a_file_and_after_it_was_taken_out(repository, capsys):
    commit, root = repository
    assert leaks.main([str(root)]) == 0
    commit(KEYS["a key of Stripe"])
    assert leaks.main([str(root)]) == 1
    commit("nothing any more\n")
    assert not list(leaks.of_files(root))
    assert leaks.main([str(root)]) == 1
    assert "settings.txt: a key of Stripe" in capsys.readouterr().out
