"""How often an address may ask about certificates."""

from accounts.limits import Limit

CHECKS = Limit("certificate", 30, 60)
