"""The list of what a site is made of names every package that is pinned."""

import re

from tools import sbom


def test_every_pinned_package_is_listed_with_version_hashes_and_licence():
    pins = sbom.FILE.read_text()
    listed = sbom.document(pins)["components"]
    assert len(listed) == len(re.findall(r"(?m)^\S+==", pins))
    assert all(one["version"] and one["hashes"] for one in listed)
    (django,) = [one for one in listed if one["name"] == "django"]
    assert django["purl"] == f"pkg:pypi/django@{django['version']}"
    assert "BSD" in django["licenses"][0]["license"]["name"]
