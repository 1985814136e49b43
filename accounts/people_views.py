"""What others see of a person."""

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import Profile
from accounts.settings_forms import SOCIALS


@require_safe
def person(request: HttpRequest, handle: str) -> HttpResponse:
    """The page a person switched on: name, picture, bio and links, never the email.

    A page that is off and one that never was answer the same. The bio is shown as plain text with
    its line breaks: the renderer of Markdown lives on a higher floor.
    """
    shown = Profile.objects.filter(is_public=True, user__is_active=True).select_related("user")
    profile = get_object_or_404(shown, handle=handle)
    links = [(SOCIALS[key][0], url) for key, url in profile.socials.items() if key in SOCIALS]
    return render(request, "people/person.html", {"profile": profile, "links": links})


@require_safe
def avatar(request: HttpRequest, name: str) -> HttpResponse:
    """One picture. Its name changes with its content, so a browser may keep it for a year."""
    try:
        with default_storage.open(f"avatars/{name}") as file:
            data = file.read()
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(
        data,
        content_type="image/webp",
        headers={
            "Cache-Control": "private, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": "inline",
        },
    )
