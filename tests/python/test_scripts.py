"""Words of scripts that are written without spaces."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

import nutgraf as ng

if TYPE_CHECKING:
    from pathlib import Path

ROWS = {
    "Chinese among Latin and numbers": (
        "COVID-19疫苗2020年到中国",
        ["COVID", "-", "19", "疫苗", "2020", "年", "到", "中国"],
    ),
    "Japanese": ("東京でiPhoneを買う。", ["東京", "で", "iPhone", "を", "買う", "。"]),
    "katakana stays whole": (
        "スマートフォンの販売",
        ["スマートフォン", "の", "販売"],
    ),
    "Thai with its own digits": ("ภาษาไทย๒๕๖๓ปี", ["ภาษา", "ไทย", "๒๕๖๓", "ปี"]),
    "Lao": ("ພາສາລາວ", ["ພາສາ", "ລາວ"]),
    "Khmer with the spaces of its authors": (
        "ភាសា\u200bខ្មែរ។",
        ["ភាសា\u200b", "ខ្មែរ", "។"],
    ),
    "Burmese": ("မြန်မာစာ၊", ["မြန်မာ", "စာ", "၊"]),
    "one script after another": ("中国ไทยລາວ", ["中国", "ไทย", "ລາວ"]),
    "a joiner and a soft hyphen are not seen": (
        "中\u00ad国\u200dcity",
        ["中\u00ad国\u200d", "city"],
    ),
    "Korean has spaces": ("한국 정부는", ["한국", "정부는"]),
}


@pytest.mark.parametrize("name", ROWS)
def test_words_without_spaces(name: str) -> None:
    """Words of one text a script, and where they stand."""
    text, expected = ROWS[name]
    tokens = ng.tokenize([text])
    assert tokens[0] == expected
    assert [text[start:end] for start, end in tokens.spans(0)] == expected


@pytest.mark.parametrize("repeated", ["中国人民", "ไทยง่าย", "ภาษาไทยมาก", "カ", "က\u1039"])
def test_a_long_run_is_cut_like_a_short_one(repeated: str) -> None:
    """Windows, long pieces and blocks change nothing."""
    # Without white space, and longer than a window, than the long pieces, and than a block.
    few, many = ng.tokenize([repeated * 40])[0], ng.tokenize([repeated * 40_000])[0]
    assert "".join(many) == repeated * 40_000
    if len(few) > 1:
        assert many == (few * 1000)[: len(many)]


#: Precision, recall and F1 of `icu_segmenter` alone (2.4, its dictionaries) on whole sentences.
ICU = {"pud_zh": (0.7628, 0.7726, 0.7677), "pud_th": (0.6949, 0.7957, 0.7419)}


@pytest.mark.corpora
@pytest.mark.parametrize("corpus", ICU)
def test_gold_words_are_found_as_well_as_by_the_dictionaries_alone(
    corpora_dir: Path, corpus: str
) -> None:
    """Precision, recall and F1 against the treebanks' own words."""
    with gzip.open(corpora_dir / f"{corpus}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    tokens = ng.tokenize([row["text"] for row in rows])
    right = found = gold = 0
    for number, row in enumerate(rows):
        ours = {tuple(span) for span in tokens.spans(number).tolist()}
        theirs = {tuple(span) for span in row["tokens"]}
        right, found, gold = right + len(ours & theirs), found + len(ours), gold + len(theirs)
    precision, recall = right / found, right / gold
    figures = (precision, recall, 2 * precision * recall / (precision + recall))
    assert all(ours >= icu - 5e-5 for ours, icu in zip(figures, ICU[corpus], strict=True)), figures
