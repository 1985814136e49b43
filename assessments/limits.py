"""How often one person may do what a page does by itself."""

from accounts.limits import Limit

SAVES = Limit("quiz-save", 50, 10)
