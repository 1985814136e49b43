"""Noting that somebody's badges are to be looked at, within a statement that is run anyway."""

# Goes on with a WHERE. A row for each time, so it waits for nobody.
NOTE = """
    INSERT INTO gamification_achievementsdue (id, user_id, since)
    SELECT waymark_uuid7(), %(user)s, now()
"""
