"""What the labelled history and the lexicon hold, and what is wrong with them."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize
from spacy.lang.nl.stop_words import STOP_WORDS

from pipeline.domains import Taxonomy
from pipeline.model.agreement import Agreement, agreement_of
from pipeline.model.history import Example
from pipeline.model.lexicon import LexiconEntry

WORD = re.compile(r"\w+")
NEAR_DUPLICATE = 0.8  # cosine on word trigrams
BATCH_SIZES = (200, 700)  # of one writer: fewer say little when left out, more would weigh too much
SAMPLE_WORDS = 500


@dataclass(frozen=True)
class DataCard:
    """Figures of the history.

    Attributes
    ----------
    by_primary
        Remarks per primary domain id.
    two_share, three_share, urgent_share
        Share of the labelled remarks with two domains, with three or more, and that are urgent; 0 to 1.
    words
        Shortest, median and longest remark, in words.
    type_token_ratio
        Distinct words per word.
    variety
        Per domain id, distinct content words (no stop words) among `SAMPLE_WORDS` content words of its remarks,
        drawn by whole remarks; 0 when there are fewer. Equal samples make large and small histories comparable.
    sample_words
        Size of those samples.
    agreement
        With the second, blind labels; None when there are none.
    lexicon_terms
        Lexicon terms per domain id.
    problems
        What must be mended, in Dutch; empty when the data can be trained on.
    """

    n_remarks: int
    n_batches: int
    n_without_domain: int
    by_primary: dict[str, int]
    two_share: float
    three_share: float
    urgent_share: float
    words: tuple[int, float, int]
    type_token_ratio: float
    variety: dict[str, int]
    sample_words: int
    agreement: Agreement | None
    lexicon_terms: dict[str, int]
    problems: tuple[str, ...]


def describe(examples: Sequence[Example], lexicon: Sequence[LexiconEntry], taxonomy: Taxonomy) -> DataCard:
    """Count and check history and lexicon."""
    labelled = [example for example in examples if example.domains]
    primary = Counter(example.domains[0] for example in labelled)
    pointing = Counter(domain for entry in lexicon for domain in entry.domains)
    lengths = [len(example.text.split()) for example in examples]
    words = [word for example in examples for word in example.text.lower().split()]
    n_domains = np.array([len(example.domains) for example in labelled])
    return DataCard(
        n_remarks=len(examples),
        n_batches=len({example.batch for example in examples}),
        n_without_domain=len(examples) - len(labelled),
        by_primary={domain: primary[domain] for domain in taxonomy.ids},
        two_share=float((n_domains == 2).mean()),
        three_share=float((n_domains >= 3).mean()),
        urgent_share=float(np.mean([example.urgent for example in labelled])),
        words=(min(lengths), median(lengths), max(lengths)),
        type_token_ratio=len(set(words)) / len(words),
        variety={domain: _variety(labelled, domain) for domain in taxonomy.ids},
        sample_words=SAMPLE_WORDS,
        agreement=agreement_of(examples, taxonomy),
        lexicon_terms={domain: pointing[domain] for domain in taxonomy.ids},
        problems=(*_identity_problems(examples), *_near_duplicates(examples), *_lexicon_problems(lexicon)),
    )


def _variety(examples: Sequence[Example], domain: str) -> int:
    texts = [example.text for example in examples if example.domains[0] == domain]
    random.Random(domain).shuffle(texts)  # noqa: S311  a sample that is the same every time
    words = [word for text in texts for word in WORD.findall(text.lower()) if word not in STOP_WORDS]
    return len(set(words[:SAMPLE_WORDS])) if len(words) >= SAMPLE_WORDS else 0


def _identity_problems(examples: Sequence[Example]) -> list[str]:
    twice = [name for name, number in Counter(example.id for example in examples).items() if number > 1]
    sizes = Counter(example.batch for example in examples)
    low, high = BATCH_SIZES
    return [
        *(f"id {name} komt meer dan eens voor" for name in twice),
        *(f"serie {batch} heeft {size} rijen; {low} tot {high} is de bedoeling" for batch, size in sizes.items()
          if not low <= size <= high),
    ]  # fmt: skip


def _trigrams(text: str) -> list[str]:
    words = ["^", *WORD.findall(text.lower()), "$"]
    return [" ".join(words[i : i + 3]) for i in range(len(words) - 2)]


def _near_duplicates(examples: Sequence[Example]) -> list[str]:
    """Pairs of remarks whose word trigrams (with both ends marked) have a cosine over `NEAR_DUPLICATE`."""
    trigrams = CountVectorizer(analyzer=_trigrams, dtype=np.float32)
    matrix = normalize(trigrams.fit_transform([example.text for example in examples]))
    alike = (matrix @ matrix.T).tocoo()
    pairs = (alike.data > NEAR_DUPLICATE) & (alike.row < alike.col)
    return [
        f"bijna gelijk: {examples[a].id} en {examples[b].id}"
        for a, b in zip(alike.row[pairs].tolist(), alike.col[pairs].tolist(), strict=True)
    ]


def _lexicon_problems(lexicon: Sequence[LexiconEntry]) -> list[str]:
    counts = Counter(entry.term.casefold() for entry in lexicon)
    return [f"de term {term!r} staat er {number} keer" for term, number in counts.items() if number > 1]
