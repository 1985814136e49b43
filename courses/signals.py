"""What the floor of courses says upwards."""

from django.dispatch import Signal

# A course can be found from now on. Sent inside the transaction, with `course` and `by`, a User
# or None.
course_published = Signal()
