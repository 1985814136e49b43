"""Where the provider of mail knocks; part of the site only where a secret is agreed upon."""

from anymail import urls as anymail
from django.conf import settings

# One provider has one door, and not those of all others too.
NAMES = {f"{settings.EMAIL_PROVIDER}_tracking_webhook", f"{settings.EMAIL_PROVIDER}_webhook"}

urlpatterns = [one for one in anymail.urlpatterns if one.name in NAMES]
