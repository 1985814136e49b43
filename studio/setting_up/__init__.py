"""Setting up a new school: what is to be done, and whether it is, as the system sees it."""
