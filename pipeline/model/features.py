"""Terms to sparse features: whole words and the letter groups inside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pipeline.model.tokens import TokenBatch


class TermFeatures:
    """Features of a term, learned from the terms of a history.

    A remark's features are the sum over its terms, so that everything costly is done once per distinct term: a
    term's row holds its word and its letter groups (with "<" and ">" for its ends), each block scaled to length
    one, times the term's inverse document frequency.

    Parameters
    ----------
    ngram_range
        Shortest and longest letter group.
    min_remarks
        A word or letter group that stands in fewer remarks of the history is no feature.
    subword_weight
        Length of the letter-group block next to the word block.
    """

    def __init__(
        self, ngram_range: tuple[int, int] = (3, 5), min_remarks: int = 2, subword_weight: float = 1.0
    ) -> None:
        self.ngram_range = ngram_range
        self.min_remarks = min_remarks
        self.subword_weight = subword_weight

    def fit(self, batch: TokenBatch) -> TermFeatures:
        """Learn which words and letter groups are features, and how rare each term is."""
        remarks_with = np.asarray((batch.counts() > 0).sum(axis=0)).ravel()
        words, groups = Counter[str](), Counter[str]()
        for term, number in zip(batch.terms, remarks_with.tolist(), strict=True):
            words[term] = number
            for group in self.groups(term):
                groups[group] += number
        # in alphabetical order: that of a set differs between processes, and with it the last digits of every sum
        names = sorted(w for w, n in words.items() if n >= self.min_remarks)
        names += sorted(f"~{g}" for g, n in groups.items() if n >= self.min_remarks)
        self.columns = {name: column for column, name in enumerate(names)}
        self.rarity = {term: float(np.log(len(batch.lengths) / number)) for term, number in words.items()}
        self.unseen_rarity = float(np.log(len(batch.lengths)))
        return self

    def __len__(self) -> int:
        return len(self.columns)

    def groups(self, term: str) -> set[str]:
        """Letter groups of one term."""
        marked = f"<{term}>"
        low, high = self.ngram_range
        return {marked[i : i + n] for n in range(low, high + 1) for i in range(len(marked) - n + 1)}

    def transform_terms(self, terms: Sequence[str]) -> sparse.csr_matrix:
        """Features of terms, shape (n_terms, n_features)."""
        columns: list[int] = []
        values: list[float] = []
        indptr = [0]
        for term in terms:
            word = self.columns.get(term)
            found = sorted(c for c in map(self.columns.get, (f"~{g}" for g in self.groups(term))) if c is not None)
            rarity = self.rarity.get(term, self.unseen_rarity)
            if word is not None:
                columns.append(word)
                values.append(rarity)
            if found:
                columns += found
                values += [self.subword_weight * rarity / len(found) ** 0.5] * len(found)
            indptr.append(len(columns))
        shape = (len(terms), len(self))
        return sparse.csr_matrix((np.asarray(values, np.float32), np.asarray(columns, np.int32), indptr), shape)

    def rarities(self, terms: Iterable[str]) -> npt.NDArray[np.float32]:
        """Inverse document frequency of each term, natural logarithm, shape (n_terms,)."""
        return np.asarray([self.rarity.get(term, self.unseen_rarity) for term in terms], dtype=np.float32)

    def weights(self, batch: TokenBatch) -> sparse.csr_matrix:
        """How much each term counts in each remark, shape (n_remarks, n_terms).

        A term counts once more for every time it returns, but ever less (square root); the row is scaled so that
        long and short remarks weigh the same.
        """
        counts = batch.counts()
        counts.data = np.sqrt(counts.data)
        rarity = self.rarities(batch.terms)
        lengths = np.sqrt(np.asarray(counts.power(2) @ np.square(rarity))).ravel()
        return sparse.csr_matrix(sparse.diags_array(1 / np.maximum(lengths, 1e-6)) @ counts)

    def transform(self, batch: TokenBatch) -> sparse.csr_matrix:
        """Features of remarks, shape (n_remarks, n_features)."""
        return sparse.csr_matrix(self.weights(batch) @ self.transform_terms(batch.terms))
