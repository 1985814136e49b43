"""Points, days, badges, boards, and what a school makes of them."""

from gamification.models.achievement import AchievementsDue, Award
from gamification.models.board import (
    Board,
    BoardChoice,
    BoardCount,
    BoardRow,
    CountedCourse,
)
from gamification.models.challenge import (
    Challenge,
    ChallengeEntry,
    ChallengeRestart,
    ChallengeSolve,
    ChallengeTask,
)
from gamification.models.ledger import Standing, XPTransaction
from gamification.models.policy import Multiplier, Policy
from gamification.models.referral import Referral, ReferralLink
from gamification.models.season import Season, SeasonGoal, SeasonResult
from gamification.models.streak import ActiveDay, Pause, Repair, RestRule, Streak, WeeklyGoal

__all__ = [
    "AchievementsDue",
    "ActiveDay",
    "Award",
    "Board",
    "BoardChoice",
    "BoardCount",
    "BoardRow",
    "Challenge",
    "ChallengeEntry",
    "ChallengeRestart",
    "ChallengeSolve",
    "ChallengeTask",
    "CountedCourse",
    "Multiplier",
    "Pause",
    "Policy",
    "Referral",
    "ReferralLink",
    "Repair",
    "RestRule",
    "Season",
    "SeasonGoal",
    "SeasonResult",
    "Standing",
    "Streak",
    "WeeklyGoal",
    "XPTransaction",
]
