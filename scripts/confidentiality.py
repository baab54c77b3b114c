#!/usr/bin/env python3
"""Makes crates/deid/data from the standard's tables in JSON (PS3.3, PS3.4, PS3.6 and PS3.15 Table E.1-1).

    scripts/confidentiality.py ../shared/data/standard/dicom

Writes profile.tsv (Table E.1-1), iods.tsv (which attributes each IOD requires), uids.tsv (the registry of
UIDs, by way of pydicom) and words.txt (the words of the standard's own codes and attribute names). Run it again when the standard moves; the difference is then there to be read.
"""

import gzip
import json
import pathlib
import re
import sys
from collections import defaultdict

OPTIONS = {
    "rtnSafePrivOpt": "retain-safe-private",
    "rtnUIDsOpt": "retain-uids",
    "rtnDevIdOpt": "retain-device-identity",
    "rtnInstIdOpt": "retain-institution-identity",
    "rtnPatCharsOpt": "retain-patient-characteristics",
    "rtnLongFullDatesOpt": "retain-longitudinal-full-dates",
    "rtnLongModifDatesOpt": "retain-longitudinal-modified-dates",
    "cleanDescOpt": "clean-descriptors",
    "cleanStructContOpt": "clean-structured-content",
    "cleanGraphOpt": "clean-graphics",
}
STRENGTH = {"1": 4, "1C": 3, "2": 2, "2C": 1, "3": 0, "None": 0}
# What a policy may empty or take out, so that its type matters.
AT_RISK = {"AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UR", "UT"}
OUT = pathlib.Path(__file__).resolve().parent.parent / "crates/deid/data"


def digits(tag: str) -> str:
    return tag.strip("()").replace(",", "").upper()


def profile(rows: list[dict], attributes: dict[str, dict]):
    for row in sorted(rows, key=lambda row: row["id"]):
        if "WHERE" in row["tag"]:
            continue  # private attributes have rules of their own
        given = ",".join(f"{name}={row[column]}" for column, name in OPTIONS.items() if column in row)
        keyword = attributes.get(row["tag"], {}).get("keyword") or row["name"]
        yield digits(row["tag"]), row["basicProfile"], given, keyword


def types(path: pathlib.Path) -> dict[str, dict[tuple[str, str], str]]:
    """The strictest type of each attribute of a module or macro, by the sequence it is in."""
    found: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    with gzip.open(path, "rt") as lines:
        next(lines)
        for line in lines:
            module, where, tag, kind = line.rstrip("\n").split("\t")
            parts = where.split(":")
            key = (parts[-2].upper() if len(parts) > 2 else "", digits(tag))
            if STRENGTH[kind] >= STRENGTH[found[module].get(key, "3")]:
                found[module][key] = kind
    return found


def written(entries: dict[tuple[str, str], str], at_risk: set[str]) -> str:
    """`parent` or `-`, then `tag:type` of what is in it."""
    by_parent = defaultdict(list)
    for (parent, tag), kind in sorted(entries.items()):
        if STRENGTH[kind] and tag in at_risk:
            by_parent[parent].append(f"{tag}:{kind}")
    return ";".join(f"{parent or '-'} {','.join(tags)}" for parent, tags in by_parent.items())


def words():
    """Words that the standard's code meanings and attribute names write small: no eponyms, no names."""
    from pydicom.datadict import DicomDictionary
    from pydicom.sr._concepts_dict import concepts

    meanings = {meaning for scheme in concepts.values() for codes in scheme.values() for meaning, _ in codes.values()}
    meanings |= {entry[2] for entry in DicomDictionary.values()}
    for meaning in meanings:
        first, *rest = re.findall(r"[^\W\d_]+", meaning) or [""]
        yield from (word for word in rest if word.islower())
        if re.fullmatch(r"[a-z]{3,}", meaning):
            yield first


def main() -> None:
    source = pathlib.Path(sys.argv[1])
    load = lambda name: json.loads((source / f"{name}.json").read_text())
    attributes = {row["tag"]: row for row in load("attributes")}
    rows = load("confidentiality_profile_attributes")
    modules, macros = (types(source / f"{name}_to_attributes.tsv.gz") for name in ("module", "macro"))
    listed = {digits(row["tag"]) for row in rows if row["basicProfile"] != "U"}
    at_risk = listed | {digits(t) for t, row in attributes.items() if row["valueRepresentation"] in AT_RISK}

    ciods = {row["name"]: row["id"] for row in load("ciods")}
    parts: dict[str, set[str]] = defaultdict(set)
    for row in load("ciod_to_modules"):
        parts[row["ciodId"]].add(f"{row['moduleId']}")
    for row in load("ciod_to_func_group_macros"):
        parts[row["ciodId"]] |= {f"macro/{row['macroId']}", "multi-frame-functional-groups"}
    everything = {**modules, **{f"macro/{name}": entries for name, entries in macros.items()}}
    used = sorted(set().union(*parts.values()) & set(everything))
    known = {tag for entries in everything.values() for _, tag in entries}
    known = sorted(known | {digits(tag) for tag, row in attributes.items() if row["retired"] == "N"})

    OUT.mkdir(parents=True, exist_ok=True)
    table = ["\t".join(line) for line in profile(rows, attributes)]
    (OUT / "profile.tsv").write_text("\n".join(table) + "\n")
    lines = ["attributes\t" + ",".join(known)]
    lines += [f"module\t{name}\t{written(everything[name], at_risk)}" for name in used]
    lines += [f"iod\t{name}\t{','.join(sorted(parts[name] & set(used)))}" for name in sorted(parts)]
    lines += [f"class\t{row['id']}\t{ciods[row['ciod']]}" for row in load("sops") if row["ciod"] in ciods]
    (OUT / "iods.tsv").write_text("\n".join(lines) + "\n")
    (OUT / "words.txt").write_text("".join(f"{word}\n" for word in sorted(set(words())) if len(word) > 2 and word.isascii()))
    from pydicom._uid_dict import UID_dictionary

    (OUT / "uids.tsv").write_text("".join(f"{uid}\t{UID_dictionary[uid][0]}\n" for uid in sorted(UID_dictionary)))


if __name__ == "__main__":
    main()
