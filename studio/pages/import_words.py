"""What pages of imports say: signs and words for what happens, fields as authors call them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.numerals import grouped

WORDS = {
    "created": ("+", "new"),
    "restored": ("+", _("brought back")),
    "updated": ("~", "changed"),
    "moved": (">", "moved"),
    "archived": ("-", "archived"),
    "conflict": ("!", _("left as it is")),
    "skipped": ("/", _("left out")),
    "unchanged": ("=", "unchanged"),
}
# Sentences that are meant for a command line, in the words of the page. Whole ones: authors may
# write of options too.
CHOICES = {
    "run again with --regrade to mark them": _("choose “Let marks rise” to mark them"),
    "passing score: --regrade applies": _("passing score: “Let marks rise” applies"),
    "written on the site. --overwrite replaces":
        _("written on the site. “Take the folder’s side” replaces"),
}  # fmt: skip
FIELDS = {
    "content": "text",
    "description": "summary",
    "is_required": "required",
    "is_preview": "preview",
    "pass_percent": _("passing score"),
    "status": _("draft or published"),
    "video_url": "video",
    "widget_height": "height",
    "xp_reward": "points",
}
# Lines whose detail names fields, after a reason or by themselves; that of others is free text.
NAMING = {"updated", "conflict"}


def counted(counts: dict[str, int]) -> list[str]:
    """How many lines there are of each kind, signs and words: "+ 3 new"."""
    return [
        f"{sign} {grouped(counts[action])} {word}"
        for action, (sign, word) in WORDS.items()
        if counts.get(action)
    ]


def findings(found: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """Each with its file and line, and what is said of it."""
    return [
        (f"{one['path']}:{one['line']}" if one["line"] else one["path"], in_words(one["message"]))
        for one in found
    ]


def fields_in_words(detail: str, kind: str) -> str:
    """The fields that changed, as authors call them: "written on the site: text, points"."""
    reason, colon, names = detail.rpartition(": ")
    # A course has both: a sentence for its card, and a text on its page.
    called = FIELDS | {"description": "description"} if kind == "course" else FIELDS
    return reason + colon + ", ".join(str(called.get(name, name)) for name in names.split(", "))


def in_words(text: str) -> str:
    """What is meant for a command line, in the words of the page."""
    for option, words in CHOICES.items():
        text = text.replace(option, str(words))
    return text
