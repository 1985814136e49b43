"""Where the admin calls verbs: what they refuse is told, and nothing of it is saved."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from gamification.season_errors import ContestRefused


class RefusingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The form says most of it; this is for what became impossible after it was checked."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ContestRefused as refusal:
            said = [str(refusal)]
        except ValidationError as refusal:
            said = refusal.messages
        messages.error(request, _("Nothing was saved. %(said)s") % {"said": " ".join(said)})
        return redirect(request.get_full_path())
