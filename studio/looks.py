"""Asking for a look of the doctor at the whole site."""

from django.db import transaction

from accounts import audit
from accounts.models import User
from studio import looking, tasks


@transaction.atomic
def ask(by: User) -> bool:
    """Have the site looked over in the background; False, and nothing more, if that is due."""
    is_new = looking.want(by)
    if is_new:
        audit.note("LOOK_ASKED", by=by)
        tasks.look.delay_on_commit()
    return is_new
