"""How often somebody may have us write to others."""

from accounts.limits import Limit

# By the person who invites: each press may be for many.
INVITING = Limit("seat-inviting", 30, 3600)
# By the address, whoever it is that invites it.
INVITED = Limit("seat-invited", 5, 24 * 3600)
