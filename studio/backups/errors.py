"""Why there is no backup, or why one is not restored."""


class BackupRefused(Exception):
    """Nothing was written. The message is a sentence for the operator."""
