"""Addresses: all of them are the API's own."""

from api import root

app_name = "api"
urlpatterns = root.patterns()
