"""The ground of the authors' admin: verbs by POST, soft deletion, everything inside `editing`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.numerals import grouped
from assessments.errors import AssessmentRefused
from courses.errors import CourseRefusal, NotReady
from courses.models import Course, Lesson, Module
from studio.admin.panels import Panel
from studio.editing import editing

Node = Course | Module | Lesson
# The place of a row that was given none.
LATER = 10**6
# A verb takes the request and the object, and says in a sentence what came of it.
Verb = Callable[[HttpRequest, Any], str]


class DeletedFilter(admin.SimpleListFilter):
    """Without a choice, what was deleted is left out."""

    title = gettext_lazy("deletion")
    parameter_name = "deleted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", _("Deleted"))]

    def choices(self, changelist: Any) -> Any:
        without, *others = super().choices(changelist)
        yield from ({**without, "display": _("Not deleted")}, *others)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "1":
            return queryset.exclude(deleted_at=None)
        return queryset.filter(deleted_at=None)


class AuthorsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """One admin page whose verbs are buttons. Deleting hides; history hangs on the row."""

    verbs: ClassVar[dict[str, Verb]] = {}
    show_full_result_count = False
    list_per_page = 50
    change_form_template = "admin/courses/change_form.html"

    def course_of(self, obj: Any) -> Course:
        return obj if isinstance(obj, Course) else obj.course

    def panel(self, obj: Any) -> Panel | None:
        return None

    def delete_verb(self, obj: Any) -> bool:
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_verb"
        view = self.admin_site.admin_view(self.verb_view)
        return [path("<uuid:pk>/<slug:verb>/do/", view, name=name), *super().get_urls()]

    def verb_view(self, request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
        """Do one verb to one object and go back to where the button stood."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        obj = self.model._default_manager.filter(pk=pk).first()
        if obj is None or verb not in self.verbs:
            raise Http404
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        self.do(request, verb, obj)
        back = request.POST.get("back", "")
        if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
            page = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            back = reverse(page, args=[pk])
        return redirect(back)

    def do(self, request: HttpRequest, verb: str, obj: Any) -> None:
        """Do the verb and tell what came of it."""
        try:
            with editing(self.course_of(obj)):
                said = type(self).verbs[verb](request, obj)
        except NotReady as refusal:
            for problem in refusal.problems:
                messages.error(
                    request,
                    _("%(obj)s was not published. %(problem)s") % {"obj": obj, "problem": problem},
                )
        except CourseRefusal as refusal:
            messages.error(request, f"{obj}: {refusal.message}")
        else:
            if said:
                self.log_change(request, obj, said)
            messages.success(request, f"{obj}: {said or 'nothing to change.'}")

    def do_to_all(self, request: HttpRequest, verb: str, rows: QuerySet[Any]) -> None:
        for obj in rows.order_by("pk"):
            self.do(request, verb, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None and not request.GET.get("_popup"):
            context["panel"] = self.panel(obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with editing(self.course_of(obj)):
            self.delete_verb(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for obj in queryset:
            self.delete_model(request, obj)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Deleting hides these and nothing else: what people did in them is kept."""
        names = [
            _("%(one)s (hidden; what learners did in it is kept)") % {"one": one} for one in objs
        ]
        count = {str(self.opts.verbose_name_plural): len(names)}
        return names, count, set(), []


class RefusingAdmin(AuthorsAdmin):
    """What became impossible after the form was checked is told; nothing of it is saved."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except AssessmentRefused as refusal:
            words = _(
                "Nothing was saved: it was changed elsewhere in the meantime. %(refusal)s"
            ) % {"refusal": refusal}
            messages.error(request, words)
            return redirect(request.get_full_path())


def tell_about_marks(request: HttpRequest, quiz: UUID, count: int, how: str) -> None:
    """Attempts keep their marks until somebody has looked at what a regrade would change."""
    were = (
        _("1 attempt was")
        if count == 1
        else _("%(count)s attempts were") % {"count": grouped(count)}
    )
    page = reverse("studio:regrade", args=[quiz])
    text = _('{} {}. <a href="{}">See what would change</a>.')
    messages.warning(request, format_html(text, were, how, page))


class PlacedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row of a list: its place, and a box that stands for the moment of archiving."""

    archived = forms.BooleanField(label=gettext_lazy("Archived"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].required = False
        self.fields["archived"].initial = bool(self.instance.deleted_at)

    def clean_position(self) -> int:
        """Without a number it comes last."""
        return self.cleaned_data["position"] or LATER

    def _post_clean(self) -> None:
        """A form without the box leaves the moment as it is."""
        super()._post_clean()  # type: ignore[misc]
        if "archived" not in self.fields:
            return
        if self.cleaned_data.get("archived"):
            self.instance.deleted_at = self.instance.deleted_at or now()
        else:
            self.instance.deleted_at = None


class LabelledFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Each cell of the table says its column, also to those who do not see the heading."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            # A label without words of its own is the column's name in the code.
            words = _("Delete") if name == "DELETE" else _(str(field.label or ""))
            if index is not None:
                words = _("%(what)s, row %(row)s") % {"what": words, "row": index + 1}
            field.widget.attrs["aria-label"] = words
