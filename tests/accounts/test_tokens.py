"""API tokens: the verbs and the command."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from accounts.actions import deactivate
from accounts.models import ApiToken, AuditEntry, User
from accounts.tokens import (
    MAX_TOKENS,
    TokenRefused,
    create_token,
    revoke_token,
    token_of,
    user_of_token,
)


def test_only_the_digest_is_kept(bob: User) -> None:
    token, text = create_token(bob, "Editor")
    assert len(text) >= 43
    stored = ApiToken.objects.values_list().get(pk=token.pk)
    assert text not in map(str, stored)
    assert token.prefix == text[:9]


def test_recognising_costs_one_query_and_notes_the_use_once_a_minute(
    bob: User, django_assert_num_queries: Any, time_machine: Any
) -> None:
    token, text = create_token(bob, "Editor")
    with django_assert_num_queries(2):
        assert user_of_token(text) == bob
    with django_assert_num_queries(1):
        user = user_of_token(text)
        assert user is not None
        assert user.profile.user_id == bob.pk
    first = ApiToken.objects.get(pk=token.pk).last_used_at
    assert first is not None
    time_machine.move_to(now() + timedelta(seconds=61))
    user_of_token(text)
    later = ApiToken.objects.get(pk=token.pk).last_used_at
    assert later is not None
    assert later > first


@pytest.mark.parametrize("text", ["", "wm_", "wm_x\x00", "wm_\u0430" * 9, "x" * 100_000, "\ud800"])
def test_what_is_no_token_opens_nothing(db: None, text: str) -> None:
    assert user_of_token(text) is None


def test_a_token_ends_with_its_days_its_revocation_and_its_owner(
    bob: User, time_machine: Any
) -> None:
    texts = []
    for name in ("dies", "revoked", "of a closed account"):
        token, text = create_token(bob, name, days=1 if name == "dies" else 90)
        texts.append(text)
        if name == "revoked":
            revoke_token(token)
            revoke_token(token)
    time_machine.move_to(now() + timedelta(days=1, seconds=1))
    assert [user_of_token(text) for text in texts] == [None, None, bob]
    deactivate(bob)
    assert user_of_token(texts[2]) is None


@pytest.mark.parametrize("days", [0, -1, 91, 10_000])
def test_ninety_days_are_the_most(bob: User, days: int) -> None:
    with pytest.raises(TokenRefused):
        create_token(bob, "Editor", days)


def test_a_token_for_reading_alone_is_one(bob: User) -> None:
    _, text = create_token(bob, "Script", reads_only=True)
    token = token_of(text)
    assert token is not None
    assert token.reads_only
    out = StringIO()
    call_command("create_token", bob.email, "--read-only", stdout=out)
    assert bob.api_tokens.filter(reads_only=True).count() == 2


def test_there_is_an_end_to_tokens(bob: User) -> None:
    for number in range(MAX_TOKENS):
        create_token(bob, str(number))
    with pytest.raises(TokenRefused, match="Revoke one first"):
        create_token(bob, "one more")


def test_the_command_prints_the_token_and_nothing_else(bob: User) -> None:
    out = StringIO()
    call_command("create_token", "BOB@example.org", "--name", "Script", "--days", "7", stdout=out)
    text = out.getvalue()
    assert text.count("\n") == 1
    assert user_of_token(text.strip()) == bob
    assert bob.api_tokens.get().name == "Script"
    note = AuditEntry.objects.get(kind="TOKEN_MADE")
    assert (note.person, note.actor) == (bob, None), "not by the person: a command made it"


@pytest.mark.parametrize("email", ["nobody@example.org", "not an address", "bob@example.org"])
def test_the_command_refuses_in_one_sentence(bob: User, email: str) -> None:
    deactivate(bob)
    with pytest.raises(CommandError, match=r"^[A-Z][^.]*\.$") as refusal:
        call_command("create_token", email)
    assert refusal.value.returncode == 1
    assert not ApiToken.objects.exists()
