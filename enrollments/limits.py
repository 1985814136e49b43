"""How often one person may come into courses and leave them, by page; the API has its own."""

from accounts.limits import Limit

ENROLL = Limit("enroll", 30)
