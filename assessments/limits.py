"""How often one person may ask for something that costs."""

from accounts.limits import Limit

SAVES = Limit("quiz-save", 50, 10)
SUBMISSIONS = Limit("submission", 10, 60)
RUNS = Limit("run", 20, 60)
GUEST_RUNS = Limit("guest-run", 10, 600)
DRAFTS = Limit("draft", 60, 60)
HELP = Limit("help", 10, 3600)
RATINGS = Limit("remark-rating", 60, 60)
REPLIES = Limit("reply", 20, 600)
