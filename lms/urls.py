"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.language_views import choose_language
from accounts.owner_views import join
from billing.views import pricing
from classroom.views.catalogue import landing
from lms import errors, health
from notifications.push_views import service_worker
from studio.views.own_signs import own_signs
from studio.views.site_health import site_health

handler400 = "lms.errors.bad_request"
handler404 = "lms.errors.not_found"
handler500 = "lms.errors.broken"
urlpatterns = [
    path("", landing, name="home"),
    path("", include("classroom.urls")),
    # Google's One Tap: a way in that no page of ours offers, without our token. It stays shut.
    path("accounts/google/login/token/", errors.not_found),
    path("accounts/", include("allauth.urls")),
    path("notifications/", include("notifications.urls")),
    path("settings/signs/", own_signs, name="own_signs"),
    path("settings/notifications/", include("notifications.settings_urls")),
    path("settings/", include("accounts.settings_urls")),
    path("language/", choose_language, name="language"),
    path("people/", include("accounts.people_urls")),
    path("impersonation/", include("accounts.impersonation_urls")),
    path("billing/webhooks/", include("billing.webhook_urls")),
    path("notifications/unsubscribe/", include("notifications.mail_urls")),
    path("demo/", include("notifications.demo_urls")),
    path("pricing/", pricing, name="pricing"),
    path("billing/", include("billing.urls")),
    path("setup/", include("studio.setup_urls")),
    path("join/<str:invitation>/", join, name="join"),
    path("studio/", include("studio.urls")),
    path("api/", include("api.urls")),
    path("admin/health/", admin.site.admin_view(site_health), name="site_health"),
    path("admin/", admin.site.urls),
    path("service-worker.js", service_worker, name="service_worker"),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
]
if settings.EMAIL_WEBHOOK_SECRET:
    webhooks = path("notifications/webhooks/", include("notifications.bounce_urls"))
    urlpatterns.append(webhooks)
