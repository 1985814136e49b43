"""How many questions an attempt at a quiz asks, without drawing them."""

from django.db.models import Count, Q

from assessments.models import Question, Quiz


def asked_of(quiz: Quiz) -> tuple[int, bool]:
    """How many questions an attempt has, and whether any pays points. One query."""
    rows = Question.objects.live().filter(quiz=quiz).order_by().values("bank", "bank__pick")
    counted = rows.annotate(number=Count("pk"), paying=Count("pk", filter=Q(points__gt=0)))
    found = list(counted.values_list("bank__pick", "number", "paying"))
    count = sum(number if pick is None else min(pick, number) for pick, number, _ in found)
    return count, any(paying for _, _, paying in found)
