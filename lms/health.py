"""Probes: is the process alive, can it work, how does it go."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.log import log_response
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST
from redis import Redis
from redis.exceptions import RedisError

from lms.metrics import text as metrics_text


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    try:
        with Redis.from_url(
            settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1
        ) as redis:
            return bool(redis.ping())
    except RedisError:
        return False


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database and broker are reachable; 503 names the one that is not."""
    answers = {"database": database_answers(), "broker": broker_answers()}
    answer = JsonResponse(answers, status=200 if all(answers.values()) else 503)
    if away := [name for name, answers_us in answers.items() if not answers_us]:
        said, names = "Not ready, for want of: %s", ", ".join(away)
        log_response(said, names, response=answer, request=request, level="warning")
    return answer


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format. Proxies keep it from strangers (docs/self-hosting.md)."""
    return HttpResponse(metrics_text(), content_type=CONTENT_TYPE_LATEST)
