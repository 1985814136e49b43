"""Names that people take on boards: nobody passes for somebody else by one."""

import re
from functools import lru_cache

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.backends import ARE_GIVEN_THE_RIGHT
from accounts.models import User
from accounts.names import (
    InvalidName,
    clean_name,
    holds_official_word,
    looks_official,
    parts_of,
    reading_of,
    words_of,
)
from accounts.school import school
from gamification.models import BoardChoice

MAX_NICKNAME = BoardChoice._meta.get_field("nickname").max_length or 0
LONGEST_READING = BoardChoice._meta.get_field("reading").max_length or 0
NOT_AVAILABLE = gettext_lazy("This nickname is not available.")
NOT_BY_NAME = gettext_lazy(
    "Your name looks like one of the school's own people. Choose a nickname."
)
UNNAMED = gettext_lazy("Private learner")
# What a digit stands for in a word.
DIGITS = str.maketrans("013457", "oleast")
AS_SHOWN = ("shown", "nickname", "user__name")
# Line breaks are none of them: those are refused, not made into a space.
BLANKS = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")


def clean_nickname(user: User, text: str) -> str:
    """Return the nickname as a name is cleaned, its words one space apart, or raise InvalidName.

    It must not pass for somebody, however it is spelled: not for the school or its own people, nor
    for anybody on the boards; nor be somebody's full name. That of two at once one comes second is
    for the database to say.
    """
    nickname = clean_name(BLANKS.sub(" ", text))
    if len(nickname) > MAX_NICKNAME:
        raise InvalidName(
            _("A nickname has at most %(max_nickname)s characters.")
            % {"max_nickname": MAX_NICKNAME}
        )
    if "@" in nickname or looks_official(nickname) or passes_for_the_school(nickname):
        raise InvalidName(NOT_AVAILABLE)
    reading = kept_reading(nickname)
    if reading in map(kept_reading, names_like(nickname, user)):
        raise InvalidName(NOT_AVAILABLE)
    return nickname


def kept_reading(name: str) -> str:
    """What a name reads as, no longer than it is kept."""
    return reading_of(name)[:LONGEST_READING]


def shown_as(name: str) -> str:
    """A name as others see it. People may call themselves what they like, but not be the school."""
    return str(UNNAMED if passes_for_the_school(name) else name)


def passes_for_the_school(name: str) -> bool:
    return is_official(name, school().title)


# Boards ask of the same names again and again.
@lru_cache(maxsize=4_096)
def is_official(name: str, school: str) -> bool:
    """Whether an official word is in a name, or the school's own: as words, or all of it in one."""
    if holds_official_word(name) or reading_of(name) == reading_of(school):
        return True
    return f" {' '.join(words_of(school))} " in f" {' '.join(words_of(name))} "


def names_like(nickname: str, user: User) -> set[str]:
    """The names of staff and reviewers, those on the boards, and full names, that may read like it.

    Two queries. Whoever bears a name may go by it, whoever else does.
    """
    others = User.objects.exclude(pk=user.pk)
    admins, reviewers = others.filter(role=User.Role.ADMIN), others.filter(ARE_GIVEN_THE_RIGHT)
    people = admins.values_list("name", flat=True).union(reviewers.values_list("name", flat=True))
    if kept_reading(user.name) != kept_reading(nickname):
        people = people.union(called_like(nickname, others))
    chosen: QuerySet[BoardChoice] = BoardChoice.objects.exclude(user=user)
    alike = chosen.filter(reading=kept_reading(nickname)).exclude(shown=BoardChoice.Shown.OFF)
    named = chosen.filter(shown=BoardChoice.Shown.NAME, user__name__iexact=nickname)
    # Each goes by an index of its own; one condition of both would look at everybody.
    rows = alike.values_list(*AS_SHOWN).union(named.values_list(*AS_SHOWN))
    shown = {name if how == BoardChoice.Shown.NAME else taken for how, taken, name in rows}
    return shown | set(people)


def called_like(nickname: str, people: QuerySet[User]) -> QuerySet[User, str]:
    """The full names among theirs that are spelled so: as it is typed, and in plain words.

    A name of one word is nobody's full name: a nickname may be like it.
    """
    plain = " ".join(parts_of(nickname)).translate(DIGITS)
    called = Q(name__iexact=nickname) | Q(name__iexact=plain)
    here = people.filter(called, name__contains=" ", is_active=True, deleted_at=None)
    return here.values_list("name", flat=True)
