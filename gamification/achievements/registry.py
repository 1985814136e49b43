"""Every badge there is. One entry says all of it: words, tiers, what wakes it, and its SELECT."""

from collections.abc import Iterable
from dataclasses import dataclass

from activity.models import Event
from gamification.achievements import code, contests, learning, quizzes, rhythm

Kind = Event.Kind
LESSON, COURSE, LEVEL = Kind.LESSON_COMPLETED, Kind.COURSE_COMPLETED, Kind.LEVEL_REACHED
JUDGED, PASSED = Kind.SUBMISSION_JUDGED, Kind.ASSIGNMENT_PASSED
REVIEWED = (Kind.REVIEW_GIVEN, Kind.HELP_GIVEN)
ATTEMPT = Kind.ATTEMPT_FINISHED
# Whatever makes a day one of learning.
LEARNING = (LESSON, JUDGED, ATTEMPT)


@dataclass(frozen=True)
class Achievement:
    """`one` and `many` say what a tier asks for; `{n}` is its number. `facts` gives rows of
    (user_id, at, n); the kinds of events in `woken_by` may add to them."""

    key: str
    title: str
    one: str
    many: str
    tiers: tuple[int, ...]
    woken_by: tuple[Event.Kind, ...]
    facts: str

    def criterion(self, tier: int) -> str:
        """What the tier asks for, in plain words."""
        n = self.tiers[tier - 1]
        return self.one if n == 1 else self.many.format(n=n)


def single(
    key: str, title: str, words: str, *, by: Iterable[Event.Kind], facts: str
) -> Achievement:
    """A badge without tiers."""
    return Achievement(key, title, words, words, (1,), tuple(by), facts)


ALL = (
    single("first-light", "First light", "Complete your first lesson.",
           by=[LESSON], facts=learning.FIRST_LESSON),
    single("first-green", "First green", "Hand in code that passes every test.",
           by=[JUDGED, PASSED, Kind.SUBMISSION_REJUDGED], facts=code.ALL_GREEN),
    Achievement("all-kinds", "All kinds", "",
                "Complete an article, a video, a code example and an interactive lesson.",
                (4,), (LESSON,), learning.KINDS_COUNTED),
    Achievement("steady-steps", "Steady steps", "", "Complete {n} lessons.",
                (10, 50, 150, 400), (LESSON,), learning.LESSONS_COUNTED),
    Achievement("module-closer", "Module closer", "Complete every required lesson of a module.",
                "Complete every required lesson of {n} modules.",
                (1, 5, 20, 50), (LESSON,), learning.MODULES_COUNTED),
    Achievement("finisher", "Finisher", "Complete a course.", "Complete {n} courses.",
                (1, 3, 10), (COURSE,), learning.COURSES_COUNTED),
    Achievement("certified", "Certified", "Get a certificate.", "Get {n} certificates.",
                (1, 3, 10), (Kind.CERTIFICATE_ISSUED,), learning.CERTIFICATES_COUNTED),
    Achievement("problem-solver", "Problem solver", "", "Pass {n} different assignments.",
                (5, 25, 75, 200), (PASSED,), code.PASSED_COUNTED),
    Achievement("bug-hunter", "Bug hunter", "Pass an assignment after a try that failed.",
                "Pass {n} assignments, each after a try that failed.",
                (1, 10, 50), (PASSED,), code.passed_after(1)),
    Achievement("long-haul", "Long haul", "Pass an assignment after ten tries that failed.",
                "Pass {n} assignments, each after ten tries that failed.",
                (1, 5, 15), (PASSED,), code.passed_after(10)),
    Achievement("second-draft", "Second draft",
                "Have work accepted after a reviewer asked for changes.",
                "Have work accepted after a reviewer asked for changes, in {n} assignments.",
                (1, 5, 15), REVIEWED, code.SECOND_DRAFTS_COUNTED),
    Achievement("clean-read", "Clean read", "Have work accepted at its first review by a person.",
                "Have the work of {n} assignments accepted at its first review by a person.",
                (1, 5, 20), REVIEWED, code.CLEAN_READS_COUNTED),
    # A third tier asks for five languages, once there are five to write assignments in.
    Achievement("polyglot", "Polyglot", "", "Pass assignments in {n} programming languages.",
                (2, 3), (PASSED,), code.LANGUAGES_COUNTED),
    Achievement("builder", "Builder", "Complete a big assignment, one that pays 100 XP or more.",
                "Complete {n} big assignments, each of which pays 100 XP or more.",
                (1, 3, 8), (LESSON,), learning.PROJECTS_COUNTED),
    Achievement("in-my-words", "In my words", "",
                "Pass {n} assignments with 40 words or more of your own in comments or docstrings.",
                (3, 15, 40), (JUDGED,), code.EXPLAINED_COUNTED),
    Achievement("asks-well", "Asks well",
                "Ask for help with code that fails a test, get an answer, and pass.",
                "Ask for help with code that fails a test, get an answer, and pass, "
                "in {n} assignments.",
                (1, 5), (Kind.HELP_GIVEN, PASSED), code.HELP_COUNTED),
    single("first-quiz", "First quiz", "Pass a quiz.",
           by=[Kind.QUIZ_PASSED], facts=quizzes.FIRST_QUIZ),
    Achievement("sharp", "Sharp", "Reach 100% in a quiz, at any attempt.",
                "Reach 100% in {n} quizzes, at any attempt.",
                (1, 10, 30), (ATTEMPT, Kind.ATTEMPT_REGRADED), quizzes.FULL_MARKS_COUNTED),
    Achievement("comeback", "Comeback",
                "Score at least 30 points more in a quiz than at an earlier attempt.",
                "Score at least 30 points more than at an earlier attempt, in {n} quizzes.",
                (1, 5), (ATTEMPT,), quizzes.COMEBACKS_COUNTED),
    Achievement("still-know-it", "Still know it",
                "Pass a quiz again two weeks or more after you first passed it.",
                "Pass {n} quizzes again, each two weeks or more after you first passed it.",
                (1, 5, 20), (ATTEMPT, Kind.ATTEMPT_REGRADED), quizzes.PASSED_AGAIN_COUNTED),
    Achievement("question-fixer", "Question fixer",
                "Report a quiz question that turns out to be wrong.",
                "Report {n} quiz questions that turn out to be wrong.",
                (1, 3), (Kind.REPORT_ANSWERED,), quizzes.FIXED_COUNTED),
    Achievement("steady", "Steady", "", "Reach a streak of {n} days.",
                (3, 7, 30, 100), (*LEARNING, Kind.STREAK_REACHED), rhythm.STREAK),
    Achievement("weekly-rhythm", "Weekly rhythm", "",
                "Learn on three days or more of a week, in {n} weeks.",
                (4, 12, 26, 52), LEARNING, rhythm.WEEKS_COUNTED),
    single("back-again", "Back again", "Complete a lesson after two weeks or more away.",
           by=[LESSON], facts=rhythm.BACK_AGAIN),
    single("good-rest", "Good rest", "Take a pause or a rest day that you planned, and come back.",
           by=LEARNING, facts=rhythm.RESTED),
    Achievement("goal-keeper", "Goal keeper", "Meet your own goal of a week.",
                "Meet your own goal in {n} weeks.",
                (1, 4, 12, 26), (LESSON,), rhythm.GOALS_COUNTED),
    Achievement("challenger", "Challenger", "Finish a timed challenge with a task solved.",
                "Finish {n} timed challenges with a task solved.",
                (1, 5, 20), (Kind.CHALLENGE_FINISHED,), contests.CHALLENGES_COUNTED),
    Achievement("full-set", "Full set", "Solve every task of a challenge in time.",
                "Solve every task of {n} challenges in time.",
                (1, 5), (JUDGED, Kind.CHALLENGE_FINISHED), contests.FULL_SETS_COUNTED),
    Achievement("practice-run", "Practice run",
                "Solve every task of a past challenge, in your own time.",
                "Solve every task of {n} past challenges, in your own time.",
                (1, 5), (JUDGED,), contests.PRACTISED_COUNTED),
    Achievement("season-regular", "Season regular", "Learn in eight weeks of a season.",
                "Learn in eight weeks of {n} seasons.",
                (1, 2, 4), (*LEARNING, Kind.SEASON_ENDED), contests.SEASONS_COUNTED),
    Achievement("milestone", "Milestone", "", "Reach level {n}.",
                (5, 10, 20, 30), (LEVEL,), learning.LEVEL),
    Achievement("good-company", "Good company", "Bring somebody who goes on to learn here.",
                "Bring {n} people who go on to learn here.",
                (1, 3, 10), (Kind.REFERRAL_QUALIFIED,), learning.REFERRALS_COUNTED),
)  # fmt: skip

ACHIEVEMENTS = {one.key: one for one in ALL}
WAKING = frozenset(kind for one in ALL for kind in one.woken_by)
