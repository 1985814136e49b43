"""How often one person may bring in an archive: each is read, drawn anew and compared."""

from accounts.limits import Limit

IMPORTS = Limit("import", 5, 3600)
