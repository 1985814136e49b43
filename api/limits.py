"""How often the API may be asked."""

from accounts.limits import Limit

PERSON = Limit("api-person", 60)
ADDRESS = Limit("api-address", 600)
AWARD = Limit("api-award", 30)
