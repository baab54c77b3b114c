#!/usr/bin/env python3
"""Makes crates/deid/data/burned-in.tsv: where devices write text into their images, and by what they are known.

    scripts/burned-in.py ../shared/data/deid/burned-in-rules

Reads published recipes in the format of pydicom/deid and takes from them the facts alone: what an image of the
kind says in its header, and which boxes have text. Rules that name no device, or that ask for the absence of
something, are left out. One line a kind: conditions (Keyword~one|of these are in it, Keyword=is one of them),
then boxes as left,top,width,height.
"""

import pathlib
import re
import sys

OUT = pathlib.Path(__file__).resolve().parent.parent / "crates/deid/data/burned-in.tsv"
DEVICE = {"Manufacturer", "ManufacturerModelName", "ImplementationVersionName"}
SIGNS = {"contains": "~", "equals": "="}


def rules(text: str):
    """Each label with its conditions and boxes; nothing for those that can't be expressed."""
    for block in re.split(r"^LABEL ", text, flags=re.M)[1:]:
        block = re.split(r"^%", block, flags=re.M)[0]
        conditions, boxes, expressible = [], [], True
        for line in block.splitlines()[1:]:
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            if coordinates := re.fullmatch(r"(ctp)?coordinates\s+([\d, ]+)", line):
                a, b, c, d = (int(number) for number in coordinates[2].split(","))
                boxes.append((a, b, c, d) if coordinates[1] else (a, b, c - a, d - b))
            elif condition := re.fullmatch(r"\+?\s*(\w+)\s+(\w+)\s+(.+)", line):
                verb, keyword, value = condition.groups()
                expressible &= verb in SIGNS and "||" not in value and "+" not in value
                conditions.append(f"{keyword}{SIGNS.get(verb, '?')}{value.strip().lower()}")
            else:
                expressible = False
        named = any(re.split("[~=]", condition)[0] in DEVICE for condition in conditions)
        boxes = [box for box in boxes if box[2] > 0 and box[3] > 0]
        if expressible and named and boxes:
            yield ";".join(sorted(set(conditions))), boxes


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    found: dict[str, set[tuple[int, ...]]] = {}
    for path in sorted(folder.glob("deid.dicom*")):
        for conditions, boxes in rules(path.read_text()):
            found.setdefault(conditions, set()).update(boxes)
    lines = ["# Made by scripts/burned-in.py, which says what the columns are; sources in docs/ATTRIBUTION.md."]
    for conditions, boxes in sorted(found.items()):
        lines.append(conditions + "\t" + " ".join(",".join(map(str, box)) for box in sorted(boxes)))
    OUT.write_text("\n".join(lines) + "\n")


main()
