"""Documents travel as JSON and come back the same."""

from __future__ import annotations

import json

import pytest

from capaian.documents.blocks import Document


def test_a_document_survives_json(rich: Document) -> None:
    assert Document.from_dict(json.loads(json.dumps(rich.to_dict()))) == rich


def test_an_unknown_block_is_refused() -> None:
    with pytest.raises(KeyError):
        Document.from_dict({"title": "", "office": "", "blocks": [{"kind": "tidak-dikenal"}]})
