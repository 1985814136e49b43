"""What people were told, and what left the site, in the admin: to be read."""

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.read_only import ReadOnlyAdmin
from notifications.models import Delivery, EmailLog, Notification


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "user", "kind", "subject", "in_app", "read_at"]
    list_filter = ["kind", "in_app"]
    list_select_related = ["user"]
    search_fields = ["user__email"]
    date_hierarchy = "created_at"


@admin.register(EmailLog)
class EmailLogAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "to", "kind", "subject", "state", "tries", "fault", "sent_at"]
    list_filter = ["state", "kind"]
    search_fields = ["to", "user__email", "=provider_id"]
    date_hierarchy = "created_at"
    actions = ["mail_again"]

    def has_free_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_emaillog")

    @admin.action(
        description=gettext_lazy("Let mail go to these addresses again"), permissions=["free"]
    )
    def mail_again(self, request: HttpRequest, rows: QuerySet[EmailLog]) -> None:
        """What came back stays in the list; only it stands in nobody's way any more."""
        addresses = rows.values("to")
        unwanted = EmailLog.objects.filter(
            to__in=addresses, state__in=[EmailLog.State.BOUNCED, EmailLog.State.COMPLAINED]
        )
        with transaction.atomic():
            freed = unwanted.update(state=EmailLog.State.FAILED)
            audit.note("MAIL_FREED", count=freed)
        messages.success(
            request, _("Mails that stand in the way no more: %(freed)s.") % {"freed": freed}
        )


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "user", "channel", "state", "tries", "fault", "sent_at"]
    list_filter = ["state", "channel"]
    list_select_related = ["user"]
    search_fields = ["user__email"]
    date_hierarchy = "created_at"
