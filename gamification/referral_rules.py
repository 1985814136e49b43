"""What addresses say of a newcomer: whose mailbox it is, what kind, and from which network."""

from ipaddress import ip_address, ip_network

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy

# What staff look at before a referral pays, in their words. None of it proves anything.
FLAGS = {
    "network": gettext_lazy(
        "Signed up from the network of the referrer, or of somebody they brought before."
    ),
    "disposable": gettext_lazy("The email is of a provider of mailboxes for an hour."),
    "burst": gettext_lazy("One of more than three sign-ups by this link within an hour."),
    "idle": gettext_lazy("Learned on no day of the week after qualifying."),
}

# Providers that deliver all spellings of an address to one mailbox.
WITHOUT_DOTS = {"gmail.com", "googlemail.com"}
WITHOUT_PLUS = {
    *WITHOUT_DOTS, "fastmail.com", "hotmail.com", "icloud.com", "live.com", "me.com", "outlook.com",
    "pm.me", "proton.me", "protonmail.com", "yandex.com", "yandex.ru", "zoho.com",
}  # fmt: skip
SAME_PROVIDER = {
    "googlemail.com": "gmail.com", "pm.me": "proton.me", "protonmail.com": "proton.me",
    "me.com": "icloud.com",
}  # fmt: skip
DISPOSABLE = {
    "10minutemail.com", "discard.email", "dispostable.com", "fakeinbox.com", "getnada.com",
    "guerrillamail.com", "mailcatch.com", "maildrop.cc", "mailinator.com", "mailnesia.com",
    "mintemail.com", "mohmal.com", "sharklasers.com", "spamgourmet.com", "temp-mail.org",
    "tempmail.com", "throwawaymail.com", "trashmail.com", "yopmail.com",
}  # fmt: skip


def mailbox_of(email: str) -> str:
    """Where mail to the address arrives, as one text for all spellings of it."""
    local, _, domain = email.lower().rpartition("@")
    if domain in WITHOUT_PLUS:
        local = local.partition("+")[0]
    if domain in WITHOUT_DOTS:
        local = local.replace(".", "")
    return f"{local}@{SAME_PROVIDER.get(domain, domain)}"


def is_disposable(email: str) -> bool:
    """Whether the provider, or a part of it, gives mailboxes for an hour."""
    domain = email.lower().rpartition("@")[2]
    return any(domain == one or domain.endswith(f".{one}") for one in DISPOSABLE)


def network_of(address: str) -> str:
    """A keyed hash of the network of an address: what a home or a small office is given.

    Nothing for an address that says nothing: within a house, or none at all.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if not found.is_global:
        return ""
    network = ip_network((found, 24 if found.version == 4 else 56), strict=False)
    return salted_hmac(
        "gamification.referral.network", str(network), algorithm="sha256"
    ).hexdigest()
