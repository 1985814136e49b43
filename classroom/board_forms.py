"""The form by which a person comes onto leaderboards, and goes."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.names import InvalidName
from classroom.pages.leaderboard import may_join
from gamification.models import BoardChoice
from gamification.nicknames import MAX_NICKNAME, clean_nickname

NICKNAME = BoardChoice.Shown.NICKNAME
ON = {NICKNAME, BoardChoice.Shown.NAME}


class BoardChoiceForm(forms.Form):
    """Off, with a nickname, with one's name."""

    shown = forms.ChoiceField(
        label=gettext_lazy("How others see you on leaderboards"),
        choices=BoardChoice.Shown.choices,
        widget=forms.RadioSelect,
    )
    nickname = forms.CharField(
        label=gettext_lazy("Nickname"),
        max_length=MAX_NICKNAME,
        required=False,
        help_text=gettext_lazy("Others see it in place of your name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, given: QueryDict | None, choice: BoardChoice) -> None:
        initial = {"shown": choice.shown, "nickname": choice.nickname}
        super().__init__(given, initial=initial, auto_id="board-%s")
        self.choice = choice

    def clean(self) -> dict[str, Any]:
        """A nickname is looked at only where it is asked for."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("shown") in ON and not may_join(self.choice.user):
            self.add_error("shown", _("Boards are not for this account."))
        if cleaned.get("shown") == NICKNAME and "nickname" in cleaned:
            try:
                cleaned["nickname"] = clean_nickname(self.choice.user, cleaned["nickname"])
            except InvalidName as refusal:
                self.add_error("nickname", str(refusal))
        return cleaned
