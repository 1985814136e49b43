"""What is dangerous stands where it was thought about: `python -m tools.forbidden`.

Ruff knows most of it, and lets a line pass that says `noqa`. This knows the places.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.memory import ROOT


@dataclass(frozen=True)
class Rule:
    """What a line must not hold, why, and the files that may hold it all the same."""

    name: str
    pattern: str
    why: str
    places: tuple[str, ...] = ()
    ending: str = ".py"

    def found_in(self, text: str) -> list[int]:
        return [
            text.count("\n", 0, hit.start()) + 1
            for hit in re.finditer(self.pattern, text, re.MULTILINE)
        ]


# What the sanitiser gave back, what we drew ourselves, and words whose signs were escaped before.
RENDERED = ("studio/pages/lesson.py", "studio/pages/announcements.py")
DRAWN = ("classroom/pages/certificates.py", "classroom/templatetags/badges.py",
         "studio/views/setup.py")  # fmt: skip
ESCAPED = ("classroom/templatetags/classroom.py",)
# Statements with parameters whose rows are those of a model.
ROWS = ("billing/deliveries.py", "gamification/challenges.py", "gamification/seasons.py")
RULES = [
    Rule("mark_safe", r"\b(?:mark_safe|SafeString)\((?!\)|\"[^\"]*\"\))",
         "only what was sanitised", RENDERED + DRAWN + ESCAPED),
    Rule("format_html without gaps", r"\bformat_html\(f", "gaps are escaped, f-strings are not"),
    Rule("safe", r"\|\s*safe\b(?<!html\|safe)(?<!hint\|safe)(?<!help_text\|safe)|\|safeseq\b",
         "of a template: only HTML that was sanitised, called so", ending=".html"),
    Rule("autoescape off", r"{%\s*autoescape off", "a template escapes", ending=".html"),
    Rule("csrf_exempt", r"^from .* import .*csrf_exempt|@csrf_exempt", "see docs/security.md",
         ("billing/webhook_views.py", "notifications/mail_views.py", "classroom/requests.py")),
    Rule("raw SQL by Django", r"\bRawSQL\(|\.extra\(|\.raw\(", "parameters are forgotten there",
         ROWS),
    Rule("SQL put together", r"\bexecute\(\s*f?[\"'][^\"']*[\"']\s*%[^%]", "give parameters"),
    Rule("fields taken unseen", r"\*\*\s*(?:self\.)?request\.(?:POST|GET)\b(?!\.dict)",
         "a form or shape names what may be written"),
    Rule("YAML with types", r"\byaml\.(?:load|unsafe_load|full_load)\(|typ=[\"']unsafe",
         "it makes any object"),
    Rule("tar", r"^\s*(?:import|from) tarfile|\btarfile\.", "links leave the folder"),
    # Tracing takes the words of a trace out of a header, and no file.
    Rule("unpacking", r"\.extract(?:all)?\((?!\))|\bunpack_archive\(",
         "paths are checked one by one", ("lms/tracing.py",)),
    Rule("a shell", r"shell\s*=\s*True|\bos\.(?:system|popen)\(", "words become commands"),
    Rule("code from text", r"(?<![\w.`])(?:eval|exec)\(|\b__import__\(", "text becomes code",
         ("sandbox/bwrap/attacks.py",)),
    Rule("objects from bytes", r"^\s*(?:import|from) (?:pickle|marshal|shelve|dill)\b",
         "loading runs code"),
    Rule("XML that follows entities", r"\bxml\.(?:etree|sax|dom)\b|resolve_entities\s*=\s*True",
         "entities read files; lxml is set up in one place"),
    Rule("TLS unchecked", r"verify\s*=\s*False|CERT_NONE|_create_unverified_context",
         "anybody could answer"),
    Rule("weak hashes", r"\bhashlib\.(?:md5|sha1)\(|MD5PasswordHasher", "they are broken"),
]  # fmt: skip
OUTSIDE = ("tests/", "demo/", "bench/", "tools/forbidden.py")
# What runs inside of the sandbox is a program like learners', and no part of the site.
GUESTS = re.compile(r"^sandbox/\w+/guests/")


def is_ours(name: str) -> bool:
    return not (name.startswith(OUTSIDE) or GUESTS.match(name))


def faults_in(name: str, text: str) -> list[str]:
    """Each rule that the file breaks, with the line."""
    broken = (rule for rule in RULES if name.endswith(rule.ending) and name not in rule.places)
    return [
        f"{name}:{line}: {rule.name}: {rule.why}" for rule in broken for line in rule.found_in(text)
    ]


def files(root: Path) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    return [name for name in listed.split("\0") if name.endswith((".py", ".html"))]


def main() -> int:
    root = Path(ROOT)
    faults = [
        fault
        for name in files(root)
        if is_ours(name) and (root / name).is_file()
        for fault in faults_in(name, (root / name).read_text())
    ]
    print("\n".join(faults) or "Nothing dangerous stands where it should not.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
