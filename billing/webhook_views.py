"""Where Stripe knocks: the one address that takes a form of nobody's session."""

import logging
import time

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils.log import log_response
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from billing import deliveries, tasks
from billing.webhooks import BadMessage, BadSignature, read, verify

logger = logging.getLogger(__name__)
LARGEST = 512 * 1024


def answer(status: int, text: str) -> HttpResponse:
    return JsonResponse({"detail": text}, status=status)


def not_configured(request: HttpRequest) -> HttpResponse:
    """Anybody may knock here: that nothing is sold is no fault of the site."""
    refusal = answer(503, "not configured")
    said = "A message to Stripe's address, and payments are not set up"
    log_response(said, response=refusal, request=request, level="warning")
    return refusal


# Stripe has no session here: its signature stands for the token. Should anything break, the report
# shows neither the secret nor what was said.
@csrf_exempt
@require_POST
@sensitive_variables()
def stripe(request: HttpRequest) -> HttpResponse:
    """Store the message, once, and say so; what it means is found out afterwards.

    Whatever else is answered makes Stripe send it again, for three days.
    """
    secret = settings.STRIPE_WEBHOOK_SECRET
    if not (secret and settings.STRIPE_SECRET_KEY):
        return not_configured(request)
    body = body_of(request)
    if body is None:
        return answer(413, "too large")
    try:
        verify(body, request.headers.get("Stripe-Signature", ""), secret, time.time())
        message = read(body)
    except BadMessage as refusal:
        if not isinstance(refusal, BadSignature):
            logger.warning("A message that Stripe signed is no event")
        return answer(400, refusal.text)
    if message.is_live is not settings.STRIPE_IS_LIVE:
        logger.warning("%s comes from the other mode of Stripe", message.id)
        return answer(400, "other mode")
    try:
        if deliveries.take_in(message):
            tasks.handle_delivery.delay_on_commit(message.id)
    except (OperationalError, InterfaceError):
        logger.warning("%s could not be stored: the database is away", message.id)
        return answer(503, "try again")
    return answer(200, "received")


def body_of(request: HttpRequest) -> bytes | None:
    """The body, or None if it is too large: no more is read than may be.

    What says neither its length nor that it comes in chunks is not read: nothing is not signed.
    """
    try:
        if comes_in_chunks(request):
            body = read_chunks(request)
            return body if len(body) <= LARGEST else None
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            return None
        return request.body
    except RequestDataTooBig:
        return None
    except (ValueError, UnreadablePostError):
        return b""


def comes_in_chunks(request: HttpRequest) -> bool:
    """Whether the server finds the end by itself, as gunicorn does: Django reads no such body."""
    told = request.headers.get("Transfer-Encoding", "")
    return bool(told and request.META.get("wsgi.input_terminated"))


def read_chunks(request: HttpRequest) -> bytes:
    """One byte more than may be, at most. Chunks that are none are nothing.

    Each server has errors of its own for those.
    """
    try:
        return bytes(request.META["wsgi.input"].read(LARGEST + 1))
    except Exception:
        return b""
