"""The number for text messages: asking for a code, typing it, taking the number away."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.limits import address_of
from notifications import phones
from notifications.channels import available
from notifications.models import Channel
from notifications.settings_forms import CodeForm, PhoneForm
from notifications.settings_views import back, contact_of, me, show

SENT = gettext_lazy("A code is on its way to your telephone.")
NOT_SENT = gettext_lazy("The code could not be sent. Try again in a few minutes.")
CONFIRMED_BEFORE = gettext_lazy("This number is confirmed already.")
NONE_WAITS = gettext_lazy("No number waits for a code.")
WRONG = gettext_lazy("This is not the code, or it is too old. After five tries ask for a new one.")


@require_POST
@login_required
def asking(request: HttpRequest) -> HttpResponse:
    """Send a code to a number; or once more, to the one that is not confirmed yet."""
    if Channel.SMS not in available():
        raise Http404
    again = {"phone": contact_of(me(request)).phone}
    form = PhoneForm(request.POST if "phone" in request.POST else again)
    if not form.is_valid():
        return show(request, status=422, phone_form=form)
    try:
        is_sent = phones.ask_for_code(me(request), form.cleaned_data["phone"], address_of(request))
    except phones.TooOften as often:
        why = _("Too many codes were asked for. Try again in %(minutes)s.") % {
            "minutes": minutes(often.wait)
        }
        answer = not_sent(request, form, why, HTTPStatus.TOO_MANY_REQUESTS)
        answer["Retry-After"] = str(often.wait)
        return answer
    except phones.NotSent:
        return not_sent(request, form, str(NOT_SENT), HTTPStatus.SERVICE_UNAVAILABLE)
    return back(request, str(SENT if is_sent else CONFIRMED_BEFORE))


def not_sent(request: HttpRequest, form: PhoneForm, why: str, status: int) -> HttpResponse:
    """Say so at the number that was typed; or, where only a button was pressed, above the code."""
    if "phone" not in request.POST:
        return show(request, status=status, phone_problem=why)
    form.add_error("phone", why)
    return show(request, status=status, phone_form=form)


def minutes(seconds: int) -> str:
    whole = -(-seconds // 60)
    return ngettext("a minute", "%(minutes)s minutes", whole) % {"minutes": whole}


@require_POST
@login_required
def confirming(request: HttpRequest) -> HttpResponse:
    """The number is theirs if they know what was sent to it."""
    form = CodeForm(request.POST)
    if form.is_valid() and phones.confirm(me(request), form.cleaned_data["code"]):
        return back(request, _("Your number is confirmed."))
    contact = contact_of(me(request))
    if contact.phone_confirmed_at:
        return back(request, str(CONFIRMED_BEFORE))
    if not phones.is_code_good(contact):
        return show(request, status=422, phone_problem=WRONG if contact.phone else NONE_WAITS)
    if form.is_valid():
        form.add_error("code", WRONG)
    return show(request, status=422, code_form=form)


@require_POST
@login_required
def ending(request: HttpRequest) -> HttpResponse:
    """Keep no number any more. Done twice, nothing more happens."""
    phones.forget(me(request))
    return back(request, _("Your number is not kept any more."))
