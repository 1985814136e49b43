"""Which plan a person holds now. Nothing can be bought yet, so everybody holds FREE."""

from accounts.models import User
from courses.models import Course, Tier

RANK = {plan: rank for rank, plan in enumerate(Tier.values)}


def plan_of(user: User) -> Tier:
    """Return the plan that opens doors for this person at this moment."""
    return Tier.FREE


def covers(user: User, course: Course) -> bool:
    """Whether the person's plan opens the course. A free course is open without a look."""
    if course.required_plan == Tier.FREE:
        return True
    return RANK[plan_of(user)] >= RANK[course.required_plan]
