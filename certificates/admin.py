"""Certificates in the admin: to read, to issue by hand, to revoke, to put a name right."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext, gettext_lazy

from accounts.models import User
from accounts.read_only import KeptAdmin, ReadOnlyAdmin
from certificates import actions
from certificates.errors import CertificateRefused
from certificates.models import Certificate, SigningKey
from certificates.names import HolderField
from courses.models import Course

Rows = QuerySet[Certificate]


class RevokeForm(forms.Form):
    """Nothing is revoked without a reason that the holder can read."""

    reason = forms.CharField(
        max_length=300,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text=gettext_lazy(
            "The holder reads it. The check page says only that and when it was revoked."
        ),
    )


class CorrectForm(forms.Form):
    """The name as it shall be."""

    name = HolderField()


class IssueForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who, and for which course. Everything else is copied from them."""

    email = forms.EmailField(label=gettext_lazy("Email of the person"), max_length=254)

    class Meta:
        model = Certificate
        fields = ["course"]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        person = User.objects.filter(email=found.get("email", "").lower(), deleted_at=None).first()
        course: Course | None = found.get("course")
        if "email" in found and person is None:
            self.add_error("email", gettext("Nobody has this email."))
        elif person and course and self._has_one(person, course):
            self.add_error("course", gettext("This person has a certificate of this course."))
        self.instance.user = person
        return found

    def _has_one(self, person: User, course: Course) -> bool:
        rows = Certificate.objects.current().filter(user=person, course=course, revoked_at=None)
        return rows.exists()


@admin.register(Certificate)
class CertificateAdmin(KeptAdmin):
    verbs_note = True
    list_display = ["holder", "title", "status_in_words", "issued_at", "code"]
    list_filter = ["issued_at", ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user"]
    search_fields = ["=code", "user__email", "holder"]
    exclude = ["credential"]
    actions = ["revoke", "correct_name"]

    @admin.display(description=gettext_lazy("course"))
    def title(self, certificate: Certificate) -> str:
        return str(certificate.snapshot["title"])

    @admin.display(description=gettext_lazy("status"))
    def status_in_words(self, certificate: Certificate) -> str:
        return str(certificate.status.label)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """A new one is asked for by two fields; those that are there are read."""
        if obj is None:
            return IssueForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_fields(request, obj) if obj else ["email", "course"]

    def save_model(self, request: HttpRequest, obj: Certificate, form: Any, change: bool) -> None:
        """Issue by the verb. The admin's own log says who did."""
        if isinstance(request.user, User):
            found, _ = actions.issue(obj.user, obj.course, now(), by=request.user)
            obj.pk, obj.code, obj.snapshot = found.pk, found.code, found.snapshot

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whoever may issue by hand may revoke and put names right."""
        return request.user.has_perm("certificates.add_certificate")

    @admin.action(description=gettext_lazy("Revoke, with a reason"), permissions=["decide"])
    def revoke(self, request: HttpRequest, rows: Rows) -> HttpResponse | None:
        """Ask for the reason first."""
        standing = rows.current().filter(revoked_at=None)  # type: ignore[attr-defined]
        form = RevokeForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            told = gettext(
                "These certificates will not count any more. Their check pages say so, for good."
            )
            return self._ask(
                request, standing, form, ("revoke", gettext("Revoke certificates"), told)
            )
        if isinstance(request.user, User):
            reason = form.cleaned_data["reason"]
            done = [one for one in standing if actions.revoke(one, request.user, reason)]
            self._note(request.user, done, f"Revoked: {reason}")
            messages.success(
                request, gettext("Certificates revoked: %(done)s.") % {"done": len(done)}
            )
        return None

    @admin.action(description=gettext_lazy("Put the name right"), permissions=["decide"])
    def correct_name(self, request: HttpRequest, rows: Rows) -> HttpResponse | None:
        """Of one certificate at a time."""
        if len(rows) != 1:
            messages.error(request, gettext("Choose one certificate."))
            return None
        form = CorrectForm(request.POST if "name" in request.POST else None)
        if not form.is_valid():
            told = gettext("A new certificate with this name takes the old one's place.")
            return self._ask(
                request, rows, form, ("correct_name", gettext("Put the name right"), told)
            )
        try:
            if isinstance(request.user, User):
                [old] = rows
                newer = actions.correct_name(old, form.cleaned_data["name"], request.user)
                if newer.pk == old.pk:
                    messages.info(request, gettext("Nothing changed: this is the name on it."))
                    return None
                self._note(
                    request.user,
                    [newer],
                    gettext("Name put right, in the place of %(code)s") % {"code": old.code},
                )
                messages.success(request, gettext("The name is put right."))
        except CertificateRefused as refusal:
            messages.error(request, str(refusal))
        return None

    def _ask(
        self, request: HttpRequest, rows: Rows, form: forms.Form, what: tuple[str, str, str]
    ) -> HttpResponse:
        action, title, told = what
        context = {"title": title, "told": told, "action": action, "opts": self.opts}
        context |= {"certificates": rows, "form": form}
        return render(request, "admin/certificates/decide.html", context)

    def _note(self, who: User, rows: list[Certificate], what: str) -> None:
        """Leave a line in the admin's log for each."""
        if rows:
            LogEntry.objects.log_actions(
                who.pk, rows, CHANGE, change_message=what[:300], single_object=False
            )


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnlyAdmin):
    list_display = ["id", "created_at", "retired_at"]
    fields = ["id", "created_at", "retired_at"]
