"""Argon2id at OWASP's parameters: 46 MiB, one pass, one lane (Password Storage Cheat Sheet)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Django's own default takes 100 MiB a try: sixteen sign-ins at once would take 1.6 GB."""

    time_cost = 1
    memory_cost = 46 * 1024
    parallelism = 1
