"""The tree gives the answers that Certificate Transparency has published, and signed notes those of their inventors."""

import base64
import json
from pathlib import Path

import pytest

from api.wire.audit.notes import Algorithm, Note, SigningKey, VerifierKey, require_signed, sign_note
from api.wire.audit.tree import (
    EMPTY_ROOT,
    Frontier,
    Node,
    consistency_spans,
    inclusion_spans,
    leaf_hash,
    node_hash,
    span_hash,
    verify_consistency,
    verify_inclusion,
)

VECTORS = json.loads((Path(__file__).parent / "merkle-rfc9162.json").read_text(encoding="utf-8"))
LEAVES = [bytes.fromhex(leaf) for leaf in VECTORS["leaves"]]
ROOTS = [bytes.fromhex(root) for root in VECTORS["roots"]]

# golang.org/x/mod, sumdb/note/note_test.go
NOTE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
NOTE_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NOTE_SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
# github.com/transparency-dev/formats, note/note_cosigv1_test.go
COSIGNATURE_KEY = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"


def grown() -> tuple[list[Frontier], dict[Node, bytes]]:
    """Let a tree grow over the leaves; returns it after each, and the hashes it completed."""
    trees, hashes = [Frontier()], {}
    for number, leaf in enumerate(LEAVES):
        tree, completed = trees[-1].grow(leaf_hash(leaf))
        hashes |= {(level, number >> level): each for level, each in enumerate(completed)}
        trees.append(tree)
    return trees, hashes


def test_hashes_are_those_published() -> None:
    """Of nothing, of leaves, and of a node."""
    assert VECTORS["empty_root"] == EMPTY_ROOT.hex()
    for leaf, expected in VECTORS["leaf_hashes"].items():
        assert leaf_hash(bytes.fromhex(leaf)).hex() == expected
    left, right, expected = map(bytes.fromhex, VECTORS["node"])
    assert node_hash(left, right) == expected


def test_roots_are_those_published() -> None:
    """After each of the eight leaves."""
    trees, _ = grown()
    assert [tree.root for tree in trees] == [EMPTY_ROOT, *ROOTS]


@pytest.mark.parametrize("case", VECTORS["inclusion"], ids=str)
def test_inclusion_proofs_are_those_published(case: dict) -> None:
    """The hub would send these hashes, and they verify."""
    _, hashes = grown()
    proof = [span_hash(span, hashes.__getitem__) for span in inclusion_spans(case["index"], case["size"])]
    assert [each.hex() for each in proof] == case["proof"]
    leaf = leaf_hash(LEAVES[case["index"]])
    verify_inclusion(leaf, case["index"], case["size"], proof, ROOTS[case["size"] - 1])


@pytest.mark.parametrize("case", VECTORS["consistency"], ids=str)
def test_consistency_proofs_are_those_published(case: dict) -> None:
    """The hub would send these hashes, and they verify."""
    _, hashes = grown()
    proof = [span_hash(span, hashes.__getitem__) for span in consistency_spans(case["old"], case["new"])]
    assert [each.hex() for each in proof] == case["proof"]
    verify_consistency(case["old"], case["new"], proof, ROOTS[case["old"] - 1], ROOTS[case["new"] - 1])


def test_a_signed_note_is_that_published() -> None:
    """Byte for byte, key and signature."""
    key = SigningKey("PeterNeumann", Algorithm.NOTE, NOTE_SEED)
    note = str(sign_note(NOTE_TEXT, key))
    assert note == f"{NOTE_TEXT}\n\u2014 PeterNeumann {NOTE_SIGNATURE}\n"
    assert key.verifier == VerifierKey.read(NOTE_KEY)
    require_signed(Note.read(note), VerifierKey.read(NOTE_KEY))


def test_a_key_of_a_witness_is_read_as_published() -> None:
    """Its id is that of cosignature/v1."""
    key = VerifierKey.read(COSIGNATURE_KEY)
    assert (key.algorithm, key.text) == (Algorithm.COSIGNATURE, COSIGNATURE_KEY)
