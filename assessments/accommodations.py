"""Giving one person more time, also in an attempt that is open."""

from django.db import transaction

from accounts import audit
from accounts.models import User
from assessments.clock import limited
from assessments.models import Accommodation, Attempt
from enrollments.models import Enrollment


@transaction.atomic
def set_extra_time(user: User, extra_time: int | None) -> None:
    """Give that much extra time in every quiz, or none; open attempts get their new deadline.

    An attempt begins under the lock of its person's place: with these held, none begins between.
    """
    places = Enrollment.objects.of(user).select_for_update(of=("self",), no_key=True)
    list(places.order_by("pk").values_list("pk"))
    if extra_time is None:
        Accommodation.objects.filter(user=user).delete()
    else:
        Accommodation.objects.update_or_create(user=user, defaults={"extra_time": extra_time})
    timed = Attempt.objects.of(user).open().counted().exclude(time_limit=None)
    for attempt in timed.select_for_update(no_key=True).order_by("pk"):
        # By the limit that it began with: the quiz may have another one by now, or its first.
        attempt.deadline = limited(attempt.started_at, attempt.time_limit, extra_time)
        attempt.save(update_fields=["deadline"])
    audit.note("EXTRA_TIME_SET", user, percent=extra_time)
