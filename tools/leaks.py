"""Keys that were written down: in the files, and in everything they ever were.

`python -m tools.leaks` looks at both, `python -m tools.leaks FOLDER` at another repository.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.memory import ROOT

# How the keys of others look, and ours.
KEYS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\\?\s*[A-Za-z0-9+/=]{40}",
    "a key of Stripe": r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{24,}",
    "a webhook secret": r"\bwhsec_[A-Za-z0-9+/]{24,}",
    "a key of AWS": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "a token of GitHub": r"\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_\w{60,}",
    "a key of Google": r"\bAIza[A-Za-z0-9_-]{35}\b|\bGOCSPX-[A-Za-z0-9_-]{28}",
    "a token of Slack": r"\bxox[abprs]-[A-Za-z0-9-]{20,}",
    "a key of a model": r"\bsk-(?:proj-|ant-)?[A-Za-z0-9_]{32,}",
    "a token of ours": r"\bwm_[A-Za-z0-9_-]{43}\b",
    "a signed token": r"\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}",
    "a password in an address": r"\b(?:postgres|redis|https?|smtp\S*)://[^\s:/@{}$<]+:"
    r"(?!password@|word@|pass@|secret@)[A-Za-z0-9+_-]{16,}@",
    "a secret": r"(?i:secret|password|passwd|token|api_?key)\w*[\"']?\s*[:=]\s*[\"']"
    r"(?=[^\"']*[0-9])(?=[^\"']*[a-z])(?=[^\"']*[A-Z])[A-Za-z0-9+/=_-]{32,}[\"']",
}
PATTERN = re.compile("|".join(f"(?P<k{n}>{key})" for n, key in enumerate(KEYS.values())))
NAMES = list(KEYS)
# What was made for a test or an example says so.
MADE_UP = re.compile(r"(?i)planted|not-?for-?anybody|example|fake|(.)\1{7}|0123456789|abcdefgh")
MOST = 20_000


def leaks_in(text: str) -> Iterator[str]:
    """Each key in the text: what kind it is, and its first signs."""
    for hit in PATTERN.finditer(text):
        if not MADE_UP.search(hit[0]):
            kind = NAMES[int((hit.lastgroup or "k0")[1:])]
            yield f"{kind}: {hit[0][:16]}…"


def of_files(root: Path) -> Iterator[str]:
    for name in git(root, "ls-files", "-z").split("\0"):
        path = root / name
        if name and path.is_file():
            yield from (f"{name}: {leak}" for leak in leaks_in(path.read_text(errors="ignore")))


def of_history(root: Path) -> Iterator[str]:
    """What commits brought in, whether it still stands or not."""
    told, name, commit = set(), "", ""
    command = ["git", "log", "-p", "--all", "--no-color", "--no-textconv", "--format=commit %h"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, errors="ignore") as log:
        for line in log.stdout or ():
            if line.startswith("commit "):
                commit = line.split()[1]
            elif line.startswith("+++ "):
                name = line[6:].strip()
            elif line.startswith("+"):
                for leak in leaks_in(line[:MOST]):
                    if (name, leak) not in told:
                        told.add((name, leak))
                        yield f"{commit} {name}: {leak}"


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=True)
    return done.stdout.decode(errors="ignore")


def main(arguments: list[str]) -> int:
    root = Path(arguments[0]) if arguments else Path(ROOT)
    if not (root / ".git").exists():
        print("No repository here: nothing to look at.")
        return 0
    found = [*of_files(root), *of_history(root)]
    print("\n".join(found) or "No key in the files and their history.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
