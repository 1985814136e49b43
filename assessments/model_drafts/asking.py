"""One request to the model about one piece of work, and what it used. Nothing is written here."""

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache

from assessments.model_drafts import budget, prompts
from assessments.model_drafts.attempt_facts import facts_of
from assessments.model_drafts.draft_schema import CodeDraft, QuizDraft, schema_of
from assessments.model_drafts.model_endpoint import Answer, request_for
from assessments.model_drafts.model_failures import NoAnswer
from assessments.models import Attempt, ModelRun, Submission
from assessments.outputs import storable
from assessments.showing import shown_results

Subject = Submission | Attempt

LONGEST_KEPT = 100_000
# How long is remembered that an endpoint knows no schemas.
REMEMBERED = 3600


@dataclass(slots=True)
class Asked:
    """A request on its way: what was sent, and what has come of it so far."""

    run: ModelRun
    subject: Subject
    request: dict[str, Any]
    began: float

    def tally(self, answered: Answer | NoAnswer) -> dict[str, Any]:
        """The fields that say what this request was and used, with those before it."""
        prompt = json.dumps(self.request, ensure_ascii=False)
        said, usage = answered.content, answered.usage
        came = isinstance(answered, Answer) or bool(said)
        used_in = budget.tokens_of(usage.tokens_in, prompt) if came else usage.tokens_in or 0
        used_out = budget.tokens_of(usage.tokens_out, said) if came else usage.tokens_out or 0
        return {
            "model": settings.AI_MODEL,
            "prompt_version": prompts.VERSION,
            "prompt": storable(prompt, LONGEST_KEPT),
            "answer": storable(said, LONGEST_KEPT),
            "tokens_in": self.run.tokens_in + used_in,
            "tokens_out": self.run.tokens_out + used_out,
            "cost": self.run.cost + budget.cost_of(used_in, used_out),
            "seconds": round(time.monotonic() - self.began, 3),
        }


def request_of(run: ModelRun, subject: Subject) -> dict[str, Any]:
    """The request, with the schema unless the endpoint is known to refuse it."""
    if isinstance(subject, Attempt):
        schema, messages = schema_of(QuizDraft), prompts.for_attempt(facts_of(subject))
    else:
        schema = schema_of(CodeDraft)
        messages = prompts.for_submission(subject, shown_results(subject))
    was_in_words = bool(run.prompt) and '"response_format"' not in run.prompt
    in_words = was_in_words or cache.get(knows_no_schemas(), False)
    return request_for(messages, None if in_words else schema)


def knows_no_schemas() -> str:
    """Where it is remembered that this endpoint takes its requests in words alone."""
    place = f"{settings.AI_BASE_URL} {settings.AI_MODEL}"
    return f"model:words:{hashlib.sha256(place.encode()).hexdigest()[:32]}"


def in_words_from_now_on(asked: Asked) -> None:
    """The endpoint refused the schema. The row says so as well, should the cache forget it."""
    cache.set(knows_no_schemas(), True, REMEMBERED)
    del asked.request["response_format"]
