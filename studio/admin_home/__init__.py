"""The first page of the admin: what waits for a person, how the site is, what was done lately."""
