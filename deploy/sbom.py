#!/usr/bin/env python3
"""Lists the libraries of the server and its pages as CycloneDX: deploy/sbom.py VERSION. Reads what restore and npm have resolved."""
import base64
import datetime
import json
import os
import pathlib
import re
import sys
import uuid

TOP = pathlib.Path(__file__).resolve().parent.parent
PACKAGES = pathlib.Path(os.environ.get("NUGET_PACKAGES", pathlib.Path.home() / ".nuget/packages"))


def license_of(folder):
    """The licence as the package names it; none if it only has a file."""
    for nuspec in folder.glob("*.nuspec"):
        found = re.search(r'<license type="expression">([^<]+)</license>', nuspec.read_text(encoding="utf-8-sig"))
        if found:
            text = found.group(1).strip()
            return [{"expression": text}] if " " in text else [{"license": {"id": text}}]
    return []


def component(name, version, kind, digest, licenses):
    purl = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
    result = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    if digest:
        result["hashes"] = [{"alg": "SHA-512", "content": base64.b64decode(digest).hex()}]
    if licenses:
        result["licenses"] = licenses
    return result


def server():
    assets = json.loads((TOP / "Telemetry.Api/obj/project.assets.json").read_text())
    used = assets["targets"]["net10.0"]
    for key, library in sorted(assets["libraries"].items(), key=lambda item: item[0].lower()):
        # What has nothing to run, such as analyzers, is not shipped.
        parts = used.get(key, {})
        if library["type"] != "package" or not any(parts.get(part) for part in ("runtime", "runtimeTargets", "native")):
            continue
        name, version = key.split("/")
        yield component(name, version, "nuget", library.get("sha512"), license_of(PACKAGES / library["path"]))
    yield component("Microsoft.NETCore.App.Runtime", runtime(), "nuget", None, [{"license": {"id": "MIT"}}])


def runtime():
    config = json.loads((TOP / "Telemetry.Api/obj/project.assets.json").read_text())["project"]["frameworks"]["net10.0"]
    found = [one["version"] for one in config.get("downloadDependencies", []) if "ILCompiler" in one["name"] or "Runtime" in one["name"]]
    return found[0].strip("[]").split(",")[0] if found else "10.0"


def pages():
    lock = json.loads((TOP / "package-lock.json").read_text())["packages"]
    wanted = (TOP / "Telemetry.Api/Pages.targets").read_text()
    for path, package in sorted(lock.items()):
        # Those whose files the build copies into wwwroot/lib.
        if path and f"{path}/" in wanted and path != "node_modules/esbuild":
            yield component(path.removeprefix("node_modules/"), package["version"], "npm", package["integrity"].removeprefix("sha512-"), [{"license": {"id": package["license"]}}])


def main(version):
    made = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), datetime.timezone.utc)
    components = [*server(), *pages()]
    name = f"pkg:generic/telemetry@{version}"
    print(json.dumps({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name + json.dumps(components))}",
        "version": 1,
        "metadata": {
            "timestamp": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {"type": "application", "bom-ref": name, "name": "telemetry", "version": version, "licenses": [{"license": {"id": "MIT"}}]},
        },
        "components": components,
        "dependencies": [{"ref": name, "dependsOn": [one["bom-ref"] for one in components]}],
    }, indent=2))


main(sys.argv[1])
