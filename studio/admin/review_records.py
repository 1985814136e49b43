"""What models, reviewers and learners said of work, in the admin: to look at, never to change."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from assessments.models import (
    AttemptAnalysis,
    HelpRequest,
    ModelRun,
    Remark,
    RemarkRating,
    Reply,
    Review,
    Snippet,
    SubmissionAnalysis,
)
from studio.admin.code_records import (
    TEXTS_OF_LESSON,
    TEXTS_OF_SUBMISSION,
    CodeAdmin,
    WorkAdmin,
)

TEXTS_OF_QUIZ = tuple(f"attempt__quiz__{text}" for text in TEXTS_OF_LESSON)
TEXTS_OF_ANALYSIS = (
    "analysis__text", "analysis__drafted", "analysis__form_places",
    *(f"analysis__{text}" for text in TEXTS_OF_SUBMISSION),
)  # fmt: skip
TEXTS_OF_WORDS = (
    "attempt_analysis__text", "attempt_analysis__drafted",
    *(f"attempt_analysis__{text}" for text in TEXTS_OF_QUIZ),
)  # fmt: skip
OF_WORK = ("submission__assignment__lesson", "attempt__quiz__lesson")
LEARNERS = ("submission__user__email", "attempt__user__email")


@admin.register(SubmissionAnalysis)
class SubmissionAnalysisAdmin(CodeAdmin):
    list_display = ("submission", "kind", "overall", "engine", "created_at")
    list_filter = ("kind", "created_at")
    list_select_related = ("submission__assignment__lesson",)
    search_fields = ("submission__user__email",)
    long_texts = ("text", "drafted", "form_places", *TEXTS_OF_SUBMISSION)


@admin.register(AttemptAnalysis)
class AttemptAnalysisAdmin(CodeAdmin):
    list_display = ("attempt", "kind", "overall", "engine", "created_at")
    list_filter = ("kind", "created_at")
    list_select_related = ("attempt__quiz__lesson",)
    search_fields = ("attempt__user__email",)
    long_texts = ("text", "drafted", *TEXTS_OF_QUIZ)


@admin.register(HelpRequest)
class HelpRequestAdmin(CodeAdmin):
    """Questions are answered at the desk, where code and results stand beside them."""

    list_display = ("created_at", "submission", "attempt")
    list_filter = ("created_at",)
    list_select_related = OF_WORK
    search_fields = (*LEARNERS, "text")
    long_texts = ("text", *TEXTS_OF_SUBMISSION, *TEXTS_OF_QUIZ)


@admin.register(Review)
class ReviewAdmin(CodeAdmin):
    """Decided at the desk, where two reviewers do not write over each other."""

    list_display = ("__str__", "reason", "waiting_since", "reviewer", "decision", "sent_at")
    list_filter = ("reason", "decision", "created_at")
    list_select_related = (*OF_WORK, "reviewer")
    search_fields = (*LEARNERS, "reviewer__email")
    long_texts = ("note", "earlier", *TEXTS_OF_SUBMISSION, *TEXTS_OF_QUIZ)


@admin.register(Remark)
class RemarkAdmin(CodeAdmin):
    list_display = ("analysis", "section", "line", "rule", "verdict", "held", "for_alike")
    list_filter = ("section", "verdict", "for_alike", "analysis__kind")
    list_select_related = ("analysis__submission__assignment__lesson",)
    search_fields = ("analysis__submission__user__email", "rule")
    long_texts = ("text", "drafted", *TEXTS_OF_ANALYSIS)


@admin.register(RemarkRating)
class RemarkRatingAdmin(CodeAdmin):
    list_display = ("user__email", "analysis", "is_helpful", "created_at")
    list_filter = ("is_helpful", "created_at")
    list_select_related = ("user", "remark__analysis__submission__assignment__lesson")
    search_fields = ("user__email",)
    long_texts = (
        "remark__text", "remark__drafted", *(f"remark__{text}" for text in TEXTS_OF_ANALYSIS),
    )  # fmt: skip

    @admin.display(description=gettext_lazy("of"))
    def analysis(self, rating: RemarkRating) -> str:
        """Not the remark: its name is its text, which no list reads."""
        return str(rating.remark.analysis)


@admin.register(Reply)
class ReplyAdmin(CodeAdmin):
    list_display = ("created_at", "author__email", "analysis", "attempt_analysis")
    list_filter = ("created_at",)
    list_select_related = (
        "author",
        "analysis__submission__assignment__lesson",
        "attempt_analysis__attempt__quiz__lesson",
    )
    search_fields = ("author__email",)
    long_texts = ("text", *TEXTS_OF_ANALYSIS, *TEXTS_OF_WORDS)


@admin.register(Snippet)
class SnippetAdmin(CodeAdmin):
    list_display = ("title", "owner__email", "is_shared")
    list_filter = ("is_shared",)
    list_select_related = ("owner",)
    search_fields = ("title", "owner__email")
    long_texts = ("text",)


@admin.register(ModelRun)
class ModelRunAdmin(WorkAdmin):
    """What was sent to a model and what it said: words of learners among them."""

    list_display = (
        "__str__", "status", "outcome", "model", "tokens_in", "tokens_out", "cost", "created_at",
    )  # fmt: skip
    list_filter = ("status", "outcome", "model", "created_at")
    list_select_related = OF_WORK
    search_fields = LEARNERS
    long_texts = ("prompt", "answer", "fault", *TEXTS_OF_SUBMISSION, *TEXTS_OF_QUIZ)
