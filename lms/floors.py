"""The lowest versions that we run with, and what each of them mended or brought."""

from importlib.metadata import PackageNotFoundError, version

from packaging.version import Version

FLOORS = {
    "django": ("6.1.3", "The newest of its line when this was written; 5.2.19 mended the same."),
    "django-allauth": ("65.21.1", "Counts trusted proxies, and locks its counters of tries."),
    "oauthlib": ("4.0.0", "Comes with allauth, reads what a provider sends."),
    "pillow": ("12.3.0", "Opens what people upload: older ones write past the end of memory."),
    "nh3": ("0.3.7", "Built on ammonia 4.1.3, before which MathML and SVG let scripts through."),
    "lxml": ("6.1.0", "Reads the XML of other systems, with entities and network off."),
    "stripe": ("16.0.0", "Checks the signature of messages before it reads them."),
    "requests": ("2.33.0", "Older ones send the password of a host to another one."),
    "urllib3": ("2.7.0", "Older ones follow redirects although told not to."),
    "cryptography": ("45.0.0", "Signs certificates and seals push messages."),
    "pyjwt": ("2.10.0", "Compares the issuer as a whole, not by its beginning."),
    "gunicorn": ("25.0.0", "Older ones can be made to see one request as two."),
    "argon2-cffi": ("25.1.0", "Hashes passwords."),
    "redis": ("8.1.0", "Older ones may give an answer to whoever asks next."),
}
# Their absence is no fault: these are extras.
EXTRAS = {"stripe"}


def too_old() -> list[str]:
    """Each package below its floor, as a sentence."""
    return [told for name, (floor, _) in FLOORS.items() if (told := what_is_wrong(name, floor))]


def what_is_wrong(name: str, floor: str) -> str:
    try:
        installed = version(name)
    except PackageNotFoundError:
        return "" if name in EXTRAS else f"{name} is not installed."
    if Version(installed) >= Version(floor):
        return ""
    return f"{name} {installed} is older than {floor}."
