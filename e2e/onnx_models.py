"""Small ONNX models, written byte by byte (onnx.proto3): tests need them to answer in one way, not to be clever.

`python onnx_models.py FOLDER` writes a text model.
"""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path


def varint(value: int) -> bytes:
    return bytes([value]) if value < 0x80 else bytes([value & 0x7F | 0x80]) + varint(value >> 7)


def field(number: int, value: bytes | str | int) -> bytes:
    """A field of a protocol buffer: a number, or bytes with their length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    content = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(content)) + content


def node(kind: str, inputs: list[str], output: str, attribute: bytes = b"") -> bytes:
    return field(1, b"".join(field(1, name) for name in inputs) + field(2, output) + field(4, kind) + attribute)


FLOATS, INTEGERS = 1, 7


def tensor(name: str, sides: str, kind: int = FLOATS) -> bytes:
    """An input or output: floats or 64-bit integers, each side with a name of a letter."""
    shape = b"".join(field(1, field(2, side)) for side in sides)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, shape)))


def constant(name: str, kind: int, value: bytes) -> bytes:
    """A number the model holds, in its bytes."""
    return field(5, field(2, kind) + field(8, name) + field(9, value))


def word_model(word: int) -> bytes:
    """A model that says `absent`, the second of three labels, of every sentence with a word, else `present`, the first."""
    to_floats = field(5, field(1, "to") + field(3, FLOATS) + field(20, 2))
    over_words = field(5, field(1, "axes") + field(8, 1) + field(20, 7))
    beside = field(5, field(1, "axis") + field(3, 1) + field(20, 2))
    nodes = [
        node("Equal", ["input_ids", "word"], "is"),
        node("Cast", ["is"], "number", to_floats),
        node("ReduceMax", ["number"], "seen", over_words),
        node("Sub", ["seen", "seen"], "nothing"),
        node("Add", ["nothing", "half"], "else"),
        node("Concat", ["else", "seen", "nothing"], "logits", beside),
    ]
    held = constant("word", INTEGERS, word.to_bytes(8, "little")) + constant("half", FLOATS, struct.pack("<f", 0.5))
    asked = [field(11, tensor(name, "bt", INTEGERS)) for name in ("attention_mask", "input_ids")]
    graph = b"".join(nodes) + field(2, "word") + held + b"".join(asked) + field(12, tensor("logits", "bl"))
    return field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 13))


VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[E]", "[/E]", "a", "nodule", "ghost", "##ly", ".", ","]


def text_model(folder: Path, vocabulary: list[str] = VOCABULARY) -> str:
    """A model that takes whatever stands beside a ghost for absent."""
    folder.mkdir(exist_ok=True)
    (folder / "model.onnx").write_bytes(word_model(VOCABULARY.index("ghost")))
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n")
    labels = {"name": "ghosts", "labels": ["present", "absent", "possible"]}
    (folder / "labels.json").write_text(json.dumps(labels))
    return str(folder)


if __name__ == "__main__":
    text_model(Path(sys.argv[1]))
