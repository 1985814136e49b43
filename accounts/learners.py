"""Who counts as a learner of the school, for statements that count people."""

# Of a row of accounts_user that is called `person`. Whoever never confirmed an address has never
# been here, and whoever is gone is not here now.
LEARNER = """
    person.is_active AND person.role <> 'ADMIN' AND EXISTS (SELECT FROM account_emailaddress address
      WHERE address.user_id = person.id AND address.verified)
"""
