"""Words and pairs of neighbouring words: "val niet" is no danger, "valt om" may be; "te hard" is about traffic."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pipeline.model.tokens import TokenBatch

Ints = npt.NDArray[np.int64]

MIN_REMARKS = 2  # a word or pair in fewer remarks of the history is no feature
PAIR_WEIGHT = 0.7  # length of the block of pairs next to that of the words; from 0.5 to 1 it makes little difference


class Neighbours:
    """The words and the pairs of neighbouring words that stand in at least `MIN_REMARKS` remarks of a history.

    Parameters
    ----------
    with_words
        Whether words by themselves count, beside the pairs.

    Attributes
    ----------
    remarks_with
        Remarks of the history with each feature, shape (n_features,).
    """

    def __init__(self, *, with_words: bool) -> None:
        self.with_words = with_words

    def fit(self, batch: TokenBatch) -> Neighbours:
        """Learn which words and pairs are features."""
        self._word_ids = {term: number for number, term in enumerate(batch.terms)}
        self._n_terms = len(batch.terms)
        remark, key = self._keys(batch)
        both = np.unique(key * len(batch.lengths) + remark)  # a pair that returns in a remark counts once
        keys, remarks_with = np.unique(both // max(len(batch.lengths), 1), return_counts=True)
        kept = remarks_with >= MIN_REMARKS
        self._features, self.remarks_with = keys[kept], remarks_with[kept]
        first, second = np.divmod(self._features, max(self._n_terms, 1))
        used = {int(number) for number in np.concatenate([first - 1, second])}
        self._word_ids = {term: number for term, number in self._word_ids.items() if number in used}
        return self

    def __len__(self) -> int:
        return len(self._features)

    def counts(self, batch: TokenBatch) -> sparse.csr_matrix:
        """How often each feature stands in each remark, shape (n_remarks, n_features)."""
        remark, key = self._keys(batch)
        column = np.searchsorted(self._features, key)
        known = column < len(self._features)
        known[known] = self._features[column[known]] == key[known]
        shape = (len(batch.lengths), len(self._features))
        return sparse.csr_matrix((np.ones(int(known.sum())), (remark[known], column[known])), shape)  # adds up

    def names(self, columns: npt.NDArray[np.integer]) -> list[str]:
        """Features as text: "te hard"."""
        word = {number: term for term, number in self._word_ids.items()}
        return [
            f"{word[first - 1]} {word[second]}" if first else word[second]
            for first, second in (divmod(int(key), self._n_terms) for key in self._features[columns])
        ]

    def _keys(self, batch: TokenBatch) -> tuple[Ints, Ints]:
        """Remark and key of every known word, and of every pair of known words that stand side by side.

        The key of a word is its number; that of a pair is the first one's number plus one, times the number of
        terms, plus the second one's number.
        """
        numbers = np.array([self._word_ids.get(term, -1) for term in batch.terms] or [-1], dtype=np.int64)
        word = numbers[batch.indices]
        remark = np.repeat(np.arange(len(batch.lengths)), batch.lengths)
        single = word >= 0
        side_by_side = single[:-1] & single[1:] & (remark[:-1] == remark[1:])
        pair = ((word[:-1] + 1) * self._n_terms + word[1:])[side_by_side]
        if not self.with_words:
            return remark[:-1][side_by_side], pair
        return np.concatenate([remark[single], remark[:-1][side_by_side]]), np.concatenate([word[single], pair])


class PairFeatures:
    """Pairs of neighbouring words as features beside the words (`TermFeatures`)."""

    def fit(self, batch: TokenBatch) -> PairFeatures:
        """Learn which pairs are features, and how rare each is."""
        self.index = Neighbours(with_words=False).fit(batch)
        self._rarity = np.log(len(batch.lengths) / self.index.remarks_with)
        self._shortest = np.log(max(len(batch.lengths), 2))  # of one pair that stands in one remark
        return self

    def transform(self, batch: TokenBatch) -> sparse.csr_matrix:
        """Features of remarks, shape (n_remarks, n_pairs).

        A row is as long as `PAIR_WEIGHT`, and shorter in a remark with hardly any known pair: one common pair says
        little.
        """
        counts = self.index.counts(batch)
        counts.data = np.sqrt(counts.data) * self._rarity[counts.indices]
        lengths = np.sqrt(np.asarray(counts.power(2).sum(axis=1)).ravel())
        return sparse.csr_matrix(
            sparse.diags_array(PAIR_WEIGHT / np.maximum(lengths, self._shortest)) @ counts, dtype=np.float32
        )
