"""The Basic profile as a loop over pydicom's elements, as scripts of laboratories do it: `TABLE FOLDER`, in place."""

import hashlib
import sys
from pathlib import Path

import pydicom

table = {}
for line in Path(sys.argv[1]).read_text().splitlines():
    tag, action, *_ = line.split("\t")
    if "X" not in tag:
        table[int(tag, 16)] = action


def replaced(uid: str) -> str:
    return f"2.25.{int(hashlib.sha256(uid.encode()).hexdigest()[:32], 16)}"


def clean(data_set: pydicom.Dataset, element: pydicom.DataElement) -> None:
    action = table.get(element.tag)
    if action == "U":
        element.value = replaced(element.value) if isinstance(element.value, str) else [replaced(uid) for uid in element.value]
    elif action and action.startswith("X"):
        del data_set[element.tag]
    elif action:
        element.value = [] if element.VR == "SQ" else ""


for path in sorted(Path(sys.argv[2]).iterdir()):
    image = pydicom.dcmread(path)
    image.remove_private_tags()
    image.walk(clean)
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
    image.save_as(path)
