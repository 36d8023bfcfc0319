"""spaCy's Dutch tokenizer and normalisation: texts to terms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import spacy
from scipy import sparse
from spacy.attrs import LOWER
from spacy.tokens import Doc

MAX_CACHED_TERMS = 1_000_000
DIGITS = re.compile(r"\d+")
MARK = re.compile(r"\[[a-z-]+\]")
# what somebody says the remark is not about: "het gaat me niet om het afval, maar om de ratten"
DENIED = re.compile(
    r"(\b(?:(?:het|dit|dat|er|'?t) (?:gaat|ging|draait)|(?:gaat|ging|draait) (?:het|dit|dat|er|me|mij|ons))\b"
    r"[^.!?,;]{0,20}\bniet (?:om|over)\b)[^.!?,;]{1,60}?(?=[.!?,;]|\bmaar\b|\bwel\b|$)",
    re.IGNORECASE,
)
STRETCHED = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True)
class TokenBatch:
    """The terms of some remarks, each distinct term once.

    Attributes
    ----------
    terms
        Distinct terms, shape (n_terms,).
    indices
        Position in `terms` of every token, in reading order, shape (n_tokens,).
    indptr
        Tokens of remark i are `indices[indptr[i]:indptr[i + 1]]`; shape (n_remarks + 1,).
    """

    terms: list[str]
    indices: npt.NDArray[np.int32]
    indptr: npt.NDArray[np.int64]

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Number of terms of each remark, shape (n_remarks,)."""
        return np.diff(self.indptr)

    def first(self, number: int) -> TokenBatch:
        """The first `number` remarks, with the same terms."""
        return TokenBatch(self.terms, self.indices[: self.indptr[number]], self.indptr[: number + 1])

    def take(self, rows: npt.NDArray[np.intp]) -> TokenBatch:
        """Some remarks, with only their own terms, as if just these had been tokenised."""
        lengths = self.lengths[rows]
        ends = np.concatenate([[0], np.cumsum(lengths)])
        places = np.arange(ends[-1]) + np.repeat(self.indptr[:-1][rows] - ends[:-1], lengths)
        used, indices = np.unique(self.indices[places], return_inverse=True)
        return TokenBatch([self.terms[term] for term in used.tolist()], indices.astype(np.int32), ends)

    def counts(self) -> sparse.csr_matrix:
        """How often each term stands in each remark, shape (n_remarks, n_terms)."""
        shape = (len(self.indptr) - 1, len(self.terms))
        ones = np.ones(len(self.indices), np.float32)
        matrix = sparse.csr_matrix((ones, self.indices, self.indptr), shape, copy=True)
        matrix.sum_duplicates()  # works in place, hence the copy above
        return matrix


class DutchTokenizer:
    """Split Dutch text with spaCy's rules and make terms of the tokens.

    A term is a token in lower case without accents, with every number as "0" and stretched letters cut to two
    ("heeeel" and "heel" meet); punctuation gives no term. Each distinct token is normalised once.
    """

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._nlp = spacy.blank("nl")
        self._term_of: dict[int, str] = {}

    def __call__(self, texts: Sequence[str]) -> TokenBatch:
        """Tokenise `texts`; one entry a text, also when a text holds no term at all."""
        if len(self._term_of) > MAX_CACHED_TERMS:
            self._start()  # spaCy's string store only grows; in an endless stream it would fill memory
        tokenize = self._nlp.tokenizer
        docs = [tokenize(_requested(text)).to_array(LOWER) for text in texts]
        ends = np.cumsum([0, *map(len, docs)])
        hashes, inverse = np.unique(np.concatenate([*docs, np.empty(0, np.uint64)]), return_inverse=True)
        return _to_batch([self._term(key) for key in hashes.tolist()], inverse, ends)

    def words(self, text: str) -> list[tuple[str, str]]:
        """Tokens of one text as (as written, term), for showing a reader which words counted."""
        doc: Doc = self._nlp.tokenizer(_requested(text))
        return [(token.text, term) for token in doc if (term := self._term(token.lower))]

    def _term(self, key: int) -> str:
        term = self._term_of.get(key)
        if term is None:
            term = self._term_of[key] = normalise(self._nlp.vocab.strings[key])
        return term

    def __getstate__(self) -> dict[str, object]:
        return {}

    def __setstate__(self, state: dict[str, object]) -> None:
        self._start()


def normalise(token: str) -> str:
    """Term of one token, or "" for a token without letters or digits."""
    plain = token if token.isascii() else _without_accents(token)
    plain = DIGITS.sub("0", plain.lower())
    plain = STRETCHED.sub(r"\1\1", plain).strip("'’`-_.")
    return plain if any(map(str.isalnum, plain)) else ""


def _requested(text: str) -> str:
    """Text without what says nothing of its subject.

    Out go the privacy step's marks, with words such as "telefoon", and what the writer says it is not about.
    """
    unmarked = MARK.sub(" ", text) if "[" in text else text
    return DENIED.sub(r"\1 ", unmarked) if " niet " in unmarked else unmarked


def _without_accents(token: str) -> str:
    decomposed = unicodedata.normalize("NFKD", token)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _to_batch(terms: list[str], inverse: npt.NDArray[np.intp], ends: npt.NDArray[np.int64]) -> TokenBatch:
    """Merge tokens with the same term and leave out tokens without one."""
    distinct: dict[str, int] = {}
    positions = [distinct.setdefault(term, len(distinct)) if term else -1 for term in terms]
    indices = np.asarray(positions, dtype=np.int32)[inverse] if positions else np.empty(0, np.int32)
    kept = indices >= 0
    indptr = np.concatenate([[0], np.cumsum(kept)])[ends]
    return TokenBatch(list(distinct), indices[kept], indptr)
