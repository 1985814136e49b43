"""What belongs to learners of quizzes: more time for one, what was answered, what was reported."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.read_only import ReadOnlyAdmin, ReadOnlyInline
from assessments.accommodations import set_extra_time
from assessments.models import Accommodation, Answer, Attempt, QuestionReport


class ExtraTimeForm(forms.ModelForm):  # type: ignore[type-arg]
    """For whom, by their email: several people may have one name."""

    email = forms.EmailField(
        label=gettext_lazy("Email"),
        help_text=gettext_lazy("Of the person who gets the extra time."),
    )

    class Meta:
        model = Accommodation
        fields = ("extra_time",)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        user = User.objects.filter(email=email.lower(), deleted_at=None).first()
        if user is None:
            raise forms.ValidationError(_("Nobody here has this email."))
        if Accommodation.objects.filter(user=user).exists():
            raise forms.ValidationError(_("They have extra time already: change it in the list."))
        self.instance.user = user
        return email


@admin.register(Accommodation)
class AccommodationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """More time in every quiz. Attempts that are open follow at once, also where it ends."""

    verbs_note = True
    list_display = ("user__email", "extra_time")
    list_filter = ("extra_time",)
    list_select_related = ("user",)
    search_fields = ("user__email", "user__name")
    show_full_result_count = False

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **kwargs) if obj else ExtraTimeForm

    def get_fields(self, request: HttpRequest, obj: object = None) -> tuple[str, ...]:
        return ("user", "extra_time") if obj else ("email", "extra_time")

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> tuple[str, ...]:
        return ("user",) if obj else ()

    def save_model(self, request: Any, obj: Accommodation, form: Any, change: bool) -> None:
        set_extra_time(obj.user, obj.extra_time)

    def delete_model(self, request: HttpRequest, obj: Accommodation) -> None:
        set_extra_time(obj.user, None)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Accommodation]) -> None:
        for obj in queryset.select_related("user").order_by("pk"):
            self.delete_model(request, obj)


class AnswerInline(ReadOnlyInline):
    """What was asked and answered, with the marks. Never changed by hand: marks follow the key."""

    model = Answer
    fields = ("question", "said", "earned", "self_check", "seconds", "saved_at")
    readonly_fields = fields
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).select_related("question")
        return rows.prefetch_related("question__options")

    @admin.display(description=gettext_lazy("answer"))
    def said(self, answer: Answer) -> str:
        if not answer.is_answered:
            return "-"
        options = {one.pk: str(one) for one in answer.question.options.all()}
        return "; ".join(options.get(key, "?") for key in answer.chosen) or answer.text

    @admin.display(description=gettext_lazy("points"))
    def earned(self, answer: Answer) -> str:
        """Out of what the question paid when it was marked, or would pay now."""
        paid = answer.question.points if answer.points is None else answer.points
        mark = "-" if answer.mark is None else f"{answer.mark.normalize():f}"
        return _("%(mark)s of %(normalize)s") % {"mark": mark, "normalize": f"{paid.normalize():f}"}


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    list_display = (
        "user__email",
        "quiz",
        "number",
        "is_practice",
        "status",
        "percent",
        "passed",
        "closed_at",
    )
    list_filter = ("status", "passed", "is_practice", "is_late", "started_at")
    list_select_related = ("user", "quiz__lesson")
    search_fields = ("user__email", "quiz__lesson__title")
    inlines = (AnswerInline,)


@admin.register(QuestionReport)
class QuestionReportAdmin(ReadOnlyAdmin):
    """Reports are answered in the studio, where the key and the numbers stand beside them."""

    list_display = ("created_at", "user__email", "question", "status", "replied_by", "replied_at")
    list_filter = ("status", "created_at")
    list_select_related = ("user", "question", "replied_by")
    search_fields = ("user__email", "text")
