"""What the floor of accounts says upwards."""

from django.dispatch import Signal

# How somebody likes the site was stored. Sent inside the transaction, with `user`, and `before`
# and `after`: all of their preferences.
preferences_changed = Signal()

# Somebody of the staff begins to look at the site as a learner sees it. Sent inside the
# transaction, with `user`, as whom, and `by`.
looked_at = Signal()

# Somebody ended sessions of a person: that person, a change of what they sign in with, or staff.
# Sent with `user`, and `ended`: what the one session held, or None where all ended but `kept`.
sessions_ended = Signal()
