"""How often one may look for something: each search reads the whole catalogue."""

from accounts.limits import Limit

SEARCH = Limit("search", 30)
