"""The audit log in the admin: who did what, to be read, found and taken along as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.audit_entries import AuditEntry
from accounts.audit_kinds import KINDS
from accounts.models import User
from accounts.read_only import NewestPages, ReadOnlyAdmin
from accounts.taking_along import taken_along
from studio.insights.sheets import Cell, sheet

# For machines: none of it follows the language of who asks but `what`, which says `kind` in words.
HEADER = (
    "when (UTC)", "kind", "what", "who", "key of who", "about", "key of about", "target", "title",
    "reason", "details", "address", "request",
)  # fmt: skip

LOOKUPS = {
    "actor", "person", "target", "actor__exact", "person__exact", "kind", "created_at__gte",
    "created_at__lt",
}  # fmt: skip


class WhatFilter(admin.SimpleListFilter):
    """By what was done; the kinds are known without asking the table."""

    title = _("what")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(((key, str(one.title)) for key, one in KINDS.items()), key=lambda x: x[1])

    def queryset(self, request: HttpRequest, rows: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return rows.filter(kind=self.value()) if self.value() else rows


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Newest first. `?actor=`, `?person=` and `?target=` name one of them."""

    list_display = ("created_at", "what", "who", "about", "reason", "details", "ip")
    list_filter = ("created_at", WhatFilter)
    show_facets = admin.ShowFacets.NEVER
    list_select_related = ("actor", "person")
    list_per_page = 50
    # Links ask by the two people as well: what is named here may be asked by.
    search_fields = ("target", "actor__email", "person__email")
    search_help_text = _("The email of a person, or what it was done to, as course:<key>.")
    ordering = ("-created_at", "-id")
    paginator = NewestPages
    change_list_template = "admin/accounts/audit_log.html"
    fields = (
        "created_at", "what", "who", "about", "target", "title", "reason", "details", "ip",
        "request_id", "keep_until",
    )  # fmt: skip
    readonly_fields = ("what", "who", "about", "details")

    @admin.display(description=_("what"), ordering="kind")
    def what(self, entry: AuditEntry) -> str:
        return entry.what

    @admin.display(description=_("who"))
    def who(self, entry: AuditEntry) -> str:
        return linked(entry.actor, entry.actor_id) if entry.actor_id else "-"

    @admin.display(description=_("about"))
    def about(self, entry: AuditEntry) -> str:
        """Whom it concerns, else what."""
        if entry.person_id:
            return linked(entry.person, entry.person_id)
        return entry.title or entry.target

    @admin.display(description=_("details"))
    def details(self, entry: AuditEntry) -> str:
        return said(entry)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """What the page itself asks by, and no other column or way to compare."""
        return lookup in LOOKUPS

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry], search_term: str
    ) -> tuple[QuerySet[AuditEntry], bool]:
        """By an index each: a whole address, or a whole target."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if "@" not in term:
            return queryset.filter(target=term), False
        person = User.objects.filter(email=term.lower()).first()
        if person is None:
            return queryset.none(), False
        return queryset.filter(Q(actor=person) | Q(person=person)), False

    def get_urls(self) -> list[Any]:
        export = self.admin_site.admin_view(taken_along(self.export))
        return [path("export/", export, name="accounts_auditentry_export"), *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponse:
        """The list as it is filtered, as a CSV file: the newest of it."""
        if not self.has_view_permission(request):
            return self.admin_site.login(request)
        try:
            rows = self.get_changelist_instance(request).queryset[: NewestPages.MOST]
        except IncorrectLookupParameters:
            return redirect(f"{reverse('admin:accounts_auditentry_changelist')}?{ERROR_FLAG}=1")
        audit.note("EXPORTED", what="audit log")
        return HttpResponse(
            sheet(HEADER, (line(entry) for entry in rows)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="audit-log.csv"'},
        )


def linked(person: User | None, key: UUID) -> str:
    """The person with a way to all that they did; one who is gone by their key."""
    address = f"{reverse('admin:accounts_auditentry_changelist')}?actor={key}"
    return format_html('<a href="{}">{}</a>', address, named(person, key))


def named(person: User | None, key: UUID | None) -> str:
    return (person.email or person.name) if person else str(key or "")


def said(entry: AuditEntry) -> str:
    """The details in one line: names, and what stands there."""
    parts = (f"{name}: {in_words(value)}" for name, value in entry.data.items() if value)
    return "; ".join(parts)


def in_words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def line(entry: AuditEntry) -> Sequence[Cell]:
    return (
        f"{entry.created_at:%Y-%m-%d %H:%M:%S}", entry.kind, entry.what, named(entry.actor, None),
        str(entry.actor_id or ""), named(entry.person, None), str(entry.person_id or ""),
        entry.target, entry.title, entry.reason, said(entry), entry.ip or "", entry.request_id,
    )  # fmt: skip
