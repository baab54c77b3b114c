#!/usr/bin/env python3
"""Compares the arrows between rooms (rooms.toml) with the manifests, and prints what differs."""

import fnmatch
import pathlib
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
PREFIX = "isocenter-"


def manifests() -> dict[str, dict]:
    """The manifest of each room, by the room's name."""
    paths = [*ROOT.glob("crates/*/Cargo.toml"), ROOT / "fuzz/Cargo.toml"]
    return {path.parent.name: tomllib.loads(path.read_text()) for path in paths}


def arrows(manifest: dict, names: set[str]) -> set[str]:
    """The rooms that the room's own code, not its tests, depends on."""
    return {name for name in manifest.get("dependencies", {}) if name in names}


def foreign(manifest: dict) -> set[str]:
    """Every crate that the room or its tests name."""
    sections = ("dependencies", "dev-dependencies", "build-dependencies")
    return {name for section in sections for name in manifest.get(section, {})}


def wrong_arrows(allowed: dict[str, list[str]], found: dict[str, dict]):
    names = set(found)
    for room, manifest in sorted(found.items()):
        if room not in allowed:
            yield f"{room}: a room that rooms.toml does not know"
            continue
        real, listed = arrows(manifest, names), set(allowed[room])
        yield from (f"{room} → {other}: not an allowed arrow" for other in sorted(real - listed))
        yield from (f"{room} → {other}: allowed, but not used" for other in sorted(listed - real))
    yield from (f"{room}: in rooms.toml, but there is no such room" for room in sorted(set(allowed) - names))


def wrong_doors(only: dict[str, list[str]], found: dict[str, dict]):
    for listed, patterns in only.items():
        owners = listed.split(", ")
        for room, manifest in sorted(found.items()):
            named = foreign(manifest) if room not in owners else set()
            for name in sorted(named):
                if any(fnmatch.fnmatch(name, pattern) for pattern in patterns):
                    yield f"{room} names {name}: only {' and '.join(owners)} may"


def main() -> int:
    plan = tomllib.loads((ROOT / "rooms.toml").read_text())
    found = manifests()
    problems = [*wrong_arrows(plan["rooms"], found), *wrong_doors(plan["only"], found)]
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
