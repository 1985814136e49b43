"""What this room keeps of people."""

from accounts.personal import BLANK, Leaving, declare, deleted, kept
from gamification import boards
from gamification.models import (
    AchievementsDue,
    ActiveDay,
    Award,
    BoardChoice,
    BoardRow,
    ChallengeEntry,
    ChallengeRestart,
    ChallengeSolve,
    Multiplier,
    Pause,
    Referral,
    ReferralLink,
    Repair,
    RestRule,
    SeasonGoal,
    SeasonResult,
    Standing,
    Streak,
    WeeklyGoal,
    XPTransaction,
)

SUMS = "Sums are held against it; it holds no words."
DAYS = "Streaks and goals are held against it; it holds no words."
CONTEST = "Places of others are held against it; it holds no words."


def leave_boards(leaving: Leaving) -> None:
    """Off all boards at once, those of past weeks as well."""
    boards.list_again(leaving.user)


declare(
    "gamification",
    kept(
        XPTransaction, "user", acts=("actor",), clears={"reason": BLANK},
        keeps=("source_key", "data"), hides=("board_points",),
        why="The ledger is added to and never changed: the school's sums rest on it.",
    ),
    kept(Standing, "user", why=SUMS),
    kept(
        Award, "user", acts=("revoked_by",), clears={"reason": BLANK}, keeps=("key",), why=SUMS,
    ),
    deleted(AchievementsDue, "user"),
    kept(BoardRow, "user", reads=("board__period", "board__scope"), hides=("counted",), why=SUMS),
    kept(
        BoardChoice, "user",
        clears={"shown": BoardChoice.Shown.OFF, "nickname": "", "reading": "", "is_listed": False},
        hides=("reading",), why="That they are not to be listed.",
    ),
    kept(ActiveDay, "user", keeps=("zone",), why=DAYS),
    kept(RestRule, "user", why=DAYS),
    kept(Pause, "user", acts=("given_by",), why=DAYS),
    kept(Repair, "user", why=DAYS),
    kept(Streak, "user", hides=("version",), why=DAYS),
    kept(WeeklyGoal, "user", why=DAYS),
    kept(SeasonGoal, "user", why=CONTEST),
    kept(SeasonResult, "user", reads=("season__title",), why=CONTEST),
    kept(ChallengeEntry, "user", reads=("challenge__title",), why=CONTEST),
    kept(
        ChallengeRestart, "entry__user", acts=("given_by",), clears={"reason": BLANK}, why=CONTEST,
    ),
    kept(ChallengeSolve, "user", why=CONTEST),
    deleted(ReferralLink, "user"),
    kept(
        Referral, "referee", acts=("referrer", "decided_by"),
        clears={"network": "", "reason": BLANK}, keeps=("flags",),
        # Who brought them is another learner.
        hides=("referrer", "network", "flags"),
        why="What was paid for it is held against it.",
    ),
    kept(Multiplier, "made_by", keeps=("title",), why="What staff announced; no words of theirs."),
    first=leave_boards,
)  # fmt: skip
