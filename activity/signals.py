"""The one signal from which everything that follows is computed."""

from django.dispatch import Signal

# Sent inside the transaction that recorded the event, with `event`. Receivers add their own rows
# or raise: what follows from a fact stands or falls with it.
event_recorded = Signal()
