"""Every badge there is. One entry says all of it: words, tiers, what wakes it, and its SELECT."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    title: str | Promise
    one: str | Promise
    many: str | Promise
    tiers: tuple[int, ...]
    woken_by: tuple[Event.Kind, ...]
    facts: str

    def criterion(self, tier: int) -> str:
        """What the tier asks for, in plain words."""
        n = self.tiers[tier - 1]
        return str(self.one) if n == 1 else str(self.many).format(n=n)


def single(
    key: str, title: str | Promise, words: str | Promise, *, by: Iterable[Event.Kind], facts: str
) -> Achievement:
    """A badge without tiers."""
    return Achievement(key, title, words, words, (1,), tuple(by), facts)


ALL = (
    single("first-light", _("First light"), _("Complete your first lesson."),
           by=[LESSON], facts=learning.FIRST_LESSON),
    single("first-green", _("First green"), _("Hand in code that passes every test."),
           by=[JUDGED, PASSED, Kind.SUBMISSION_REJUDGED], facts=code.ALL_GREEN),
    Achievement("all-kinds", _("All kinds"), "",
                _("Complete an article, a video, a code example and an interactive lesson."),
                (4,), (LESSON,), learning.KINDS_COUNTED),
    Achievement("steady-steps", _("Steady steps"), "", _("Complete {n} lessons."),
                (10, 50, 150, 400), (LESSON,), learning.LESSONS_COUNTED),
    Achievement("module-closer", _("Module "
                                   "closer"), _("Complete every required lesson of a module."),
                _("Complete every required lesson of {n} modules."),
                (1, 5, 20, 50), (LESSON,), learning.MODULES_COUNTED),
    Achievement("finisher", _("Finisher"), _("Complete a course."), _("Complete {n} courses."),
                (1, 3, 10), (COURSE,), learning.COURSES_COUNTED),
    Achievement("certified", _("Certified"), _("Get a certificate."), _("Get {n} certificates."),
                (1, 3, 10), (Kind.CERTIFICATE_ISSUED,), learning.CERTIFICATES_COUNTED),
    Achievement("problem-solver", _("Problem solver"), "", _("Pass {n} different assignments."),
                (5, 25, 75, 200), (PASSED,), code.PASSED_COUNTED),
    Achievement("bug-hunter", _("Bug hunter"), _("Pass an assignment after a try that failed."),
                _("Pass {n} assignments, each after a try that failed."),
                (1, 10, 50), (PASSED,), code.passed_after(1)),
    Achievement("long-haul", _("Long haul"), _("Pass an assignment after ten tries that failed."),
                _("Pass {n} assignments, each after ten tries that failed."),
                (1, 5, 15), (PASSED,), code.passed_after(10)),
    Achievement("second-draft", _("Second draft"),
                _("Have work accepted after a reviewer asked for changes."),
                _("Have work accepted after a reviewer asked for changes, in {n} assignments."),
                (1, 5, 15), REVIEWED, code.SECOND_DRAFTS_COUNTED),
    Achievement("clean-read", _("Clean read"),
                    _("Have work accepted at its first review by a person."),
                _("Have the work of {n} assignments accepted at its first review by a person."),
                (1, 5, 20), REVIEWED, code.CLEAN_READS_COUNTED),
    # A third tier asks for five languages, once there are five to write assignments in.
    Achievement("polyglot", _("Polyglot"), "", _("Pass assignments in {n} programming languages."),
                (2, 3), (PASSED,), code.LANGUAGES_COUNTED),
    Achievement("builder", _("Builder"),
                    _("Complete a big assignment, one that pays 100 XP or more."),
                _("Complete {n} big assignments, each of which pays 100 XP or more."),
                (1, 3, 8), (LESSON,), learning.PROJECTS_COUNTED),
    Achievement("in-my-words", _("In my "
                                 "words"), "",
                _("Pass {n} assignments with 40 words or more of your own in "
                  "comments or docstrings."),
                (3, 15, 40), (JUDGED,), code.EXPLAINED_COUNTED),
    Achievement("asks-well", _("Asks well"),
                _("Ask for help with code that fails a test, get an answer, and pass."),
                _("Ask for help with code that fails a test, get an answer, and pass, "
                "in {n} assignments."),
                (1, 5), (Kind.HELP_GIVEN, PASSED), code.HELP_COUNTED),
    single("first-quiz", _("First quiz"), _("Pass a quiz."),
           by=[Kind.QUIZ_PASSED], facts=quizzes.FIRST_QUIZ),
    Achievement("sharp", _("Sharp"), _("Reach 100% in a quiz, at any attempt."),
                _("Reach 100% in {n} quizzes, at any attempt."),
                (1, 10, 30), (ATTEMPT, Kind.ATTEMPT_REGRADED), quizzes.FULL_MARKS_COUNTED),
    Achievement("comeback", _("Comeback"),
                _("Score at least 30 points more in a quiz than at an earlier attempt."),
                _("Score at least 30 points more than at an earlier attempt, in {n} quizzes."),
                (1, 5), (ATTEMPT,), quizzes.COMEBACKS_COUNTED),
    Achievement("still-know-it", _("Still know it"),
                _("Pass a quiz again two weeks or more after you first passed it."),
                _("Pass {n} quizzes again, each two weeks or more after you first passed it."),
                (1, 5, 20), (ATTEMPT, Kind.ATTEMPT_REGRADED), quizzes.PASSED_AGAIN_COUNTED),
    Achievement("question-fixer", _("Question fixer"),
                _("Report a quiz question that turns out to be wrong."),
                _("Report {n} quiz questions that turn out to be wrong."),
                (1, 3), (Kind.REPORT_ANSWERED,), quizzes.FIXED_COUNTED),
    Achievement("steady", _("Steady"), "", _("Reach a streak of {n} days."),
                (3, 7, 30, 100), (*LEARNING, Kind.STREAK_REACHED), rhythm.STREAK),
    Achievement("weekly-rhythm", _("Weekly rhythm"), "",
                _("Learn on three days or more of a week, in {n} weeks."),
                (4, 12, 26, 52), LEARNING, rhythm.WEEKS_COUNTED),
    single("back-again", _("Back "
                           "again"), _("Complete a lesson after two weeks or more away."),
           by=[LESSON], facts=rhythm.BACK_AGAIN),
    single("good-rest", _("Good rest"),
                    _("Take a pause or a rest day that you planned, and come back."),
           by=LEARNING, facts=rhythm.RESTED),
    Achievement("goal-keeper", _("Goal keeper"), _("Meet your own goal of a week."),
                _("Meet your own goal in {n} weeks."),
                (1, 4, 12, 26), (LESSON,), rhythm.GOALS_COUNTED),
    Achievement("challenger", _("Challenger"), _("Finish a timed challenge with a task solved."),
                _("Finish {n} timed challenges with a task solved."),
                (1, 5, 20), (Kind.CHALLENGE_FINISHED,), contests.CHALLENGES_COUNTED),
    Achievement("full-set", _("Full set"), _("Solve every task of a challenge in time."),
                _("Solve every task of {n} challenges in time."),
                (1, 5), (JUDGED, Kind.CHALLENGE_FINISHED), contests.FULL_SETS_COUNTED),
    Achievement("practice-run", _("Practice run"),
                _("Solve every task of a past challenge, in your own time."),
                _("Solve every task of {n} past challenges, in your own time."),
                (1, 5), (JUDGED,), contests.PRACTISED_COUNTED),
    Achievement("season-regular", _("Season regular"), _("Learn in eight weeks of a season."),
                _("Learn in eight weeks of {n} seasons."),
                (1, 2, 4), (*LEARNING, Kind.SEASON_ENDED), contests.SEASONS_COUNTED),
    Achievement("milestone", _("Milestone"), "", _("Reach level {n}."),
                (5, 10, 20, 30), (LEVEL,), learning.LEVEL),
    Achievement("good-company", _("Good company"), _("Bring somebody who goes on to learn here."),
                _("Bring {n} people who go on to learn here."),
                (1, 3, 10), (Kind.REFERRAL_QUALIFIED,), learning.REFERRALS_COUNTED),
)  # fmt: skip

ACHIEVEMENTS = {one.key: one for one in ALL}
WAKING = frozenset(kind for one in ALL for kind in one.woken_by)
