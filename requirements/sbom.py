"""Write what pks-kit is made of as CycloneDX JSON: ``make sbom``.

Names, versions and hashes are those that are pinned in ``runtime.txt``, licences and edges those
that the installed libraries tell of themselves. The same pins give the same bytes: there is no
time and no random number in the file, and no marker of a platform is asked.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from cyclonedx.contrib.hash.factories import HashTypeFactory
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER = Path(__file__).resolve().parent
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)((?: \\\n +--hash=\S+)+)", re.MULTILINE)
_HASH = re.compile(r"--hash=(\S+)")


def bill_of_materials(project: Path, pinned: Path) -> str:
    """Return the file.

    Args:
        project: ``pyproject.toml``.
        pinned: Requirements with hashes.

    Raises:
        ValueError: What was made is no valid CycloneDX, or a library is pinned but not installed
            in that version.
    """
    told = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    root = _component(told["name"], told["version"], ComponentType.APPLICATION, told["license"])
    root.description = told["description"]
    parts = {}
    for name, version, hashes in _PIN.findall(pinned.read_text(encoding="utf-8")):
        parts[canonicalize_name(name)] = _library(name, version, _HASH.findall(hashes))
    bom = Bom(components=parts.values())
    bom.metadata.component = root
    bom.metadata.timestamp = None  # type: ignore[assignment]
    bom.serial_number = None  # type: ignore[assignment]
    bom.register_dependency(root, _needed(told["dependencies"], parts))
    told_by = {name: metadata.requires(name) or [] for name in parts}
    extras = _extras([told["dependencies"], *told_by.values()])
    for name, part in parts.items():
        bom.register_dependency(part, _needed(told_by[name], parts, extras.get(name, set())))
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong is not None:
        raise ValueError(f"no valid CycloneDX: {wrong}")
    return text + "\n"


def _library(name: str, version: str, hashes: list[str]) -> Component:
    installed = metadata.metadata(name)
    if installed["Version"] != version:
        raise ValueError(f"{name} {version} is pinned, {installed['Version']} is installed")
    part = _component(name, version, ComponentType.LIBRARY, _licence(installed))
    part.description = installed["Summary"]
    # One reference with the hashes of all wheels, of which the installer takes the one that fits:
    # the validator needs long for every address.
    part.external_references = [
        ExternalReference(
            type=ExternalReferenceType.DISTRIBUTION,
            url=XsUri(f"pkg:pypi/{name}@{version}"),
            hashes=[HashTypeFactory().from_composite_str(one) for one in sorted(hashes)],
        )
    ]
    return part


def _component(name: str, version: str, kind: ComponentType, licence: str) -> Component:
    address = PackageURL("pypi", None, canonicalize_name(name), version)
    return Component(
        name=name,
        version=version,
        type=kind,
        purl=address,
        bom_ref=address.to_string(),
        licenses=[LicenseFactory().make_from_string(licence)] if licence else [],
    )


def _licence(installed: metadata.PackageMetadata) -> str:
    """Return the licence in one line: its expression, else its classifiers, else its name."""
    if told := installed.get("License-Expression"):
        return str(told)
    classifiers = installed.get_all("Classifier") or []
    names = [one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License :: ")]
    told = str(installed.get("License") or "").strip()
    return ", ".join(sorted(names)) or (told if "\n" not in told else "")


def _extras(told: list[list[str]]) -> dict[str, set[str]]:
    """Return the extras that anybody asks of each library."""
    found: dict[str, set[str]] = {}
    for one in (Requirement(text) for several in told for text in several):
        found.setdefault(canonicalize_name(one.name), set()).update(one.extras)
    return found


def _needed(
    requirements: list[str], parts: dict[str, Component], extras: Iterable[str] = ()
) -> list[Component]:
    """Return the pinned parts that requirements name, outside extras or in one that is asked."""
    names = {
        canonicalize_name(one.name)
        for one in (Requirement(text) for text in requirements)
        if "extra" not in str(one.marker or "")
        or any(one.marker and one.marker.evaluate({"extra": extra}) for extra in extras)
    }
    return [parts[name] for name in sorted(names) if name in parts]


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    made = bill_of_materials(FOLDER.parent / "pyproject.toml", FOLDER / "runtime.txt")
    target.write_text(made, encoding="utf-8")
