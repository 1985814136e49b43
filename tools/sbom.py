"""What a production site is made of: `make sbom` writes it as CycloneDX 1.6 to var/sbom.json.

Names and hashes are those of requirements/production.txt, licences what packages say of themselves.
"""

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

from tools.memory import ROOT, VAR

PIN = re.compile(
    r"^([\w.-]+)==(\S+)(?: ; [^\\\n]*)? \\\n((?:    --hash=\S+(?: \\)?\n)+)", re.MULTILINE
)
FILE = ROOT / "requirements" / "production.txt"


def licences_of(name: str) -> list[str]:
    """What the package says: an expression, or the names of its classifiers, or a short text."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return []
    if expression := said.get("License-Expression"):
        return [expression]
    kinds = [one for one in said.get_all("Classifier", []) if one.startswith("License ::")]
    if kinds:
        return [kind.rpartition(" :: ")[2] for kind in kinds]
    text = (said.get("License") or "").strip()
    return [text] if 0 < len(text) <= 60 else []


def component(name: str, version: str, hashes: str) -> dict[str, Any]:
    return {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name.lower()}@{version}",
        "licenses": [{"license": {"name": one}} for one in licences_of(name)],
        "hashes": [
            {"alg": "SHA-256", "content": found} for found in re.findall(r"sha256:(\w+)", hashes)
        ],
    }


def document(pins: str) -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "waymark"}},
        "components": [component(*pin) for pin in PIN.findall(pins)],
    }


def main() -> int:
    made = document(FILE.read_text())
    unknown = [one["name"] for one in made["components"] if not one["licenses"]]
    path = VAR / "sbom.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(made, indent=1) + "\n")
    print(f"{len(made['components'])} packages, written to {path.relative_to(ROOT)}.")
    if unknown:
        print(f"Say nothing of their licence, or are not installed here: {', '.join(unknown)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
