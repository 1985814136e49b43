"""What the floor of accounts says upwards."""

from django.dispatch import Signal

# How somebody likes the site was stored. Sent inside the transaction, with `user`, and `before`
# and `after`: all of their preferences.
preferences_changed = Signal()
