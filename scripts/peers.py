"""Other ways to sort remarks, each as its users would set it up, measured on the same left-out batches."""

from __future__ import annotations

import pickle
import re
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

GROUPS = 6  # batches are left out in this many groups; one by one would take the slowest peer hours


class Peer(Protocol):
    """A text classifier for the primary domain."""

    def fit(self, texts: Sequence[str], domains: Sequence[str]) -> Peer:
        """Learn from labelled texts."""

    def predict(self, texts: Sequence[str]) -> tuple[list[str], npt.NDArray[np.float64]]:
        """The likeliest domain of each text, and how sure that is."""


class ScikitPeer:
    """A scikit-learn pipeline with `decision_function`."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def fit(self, texts: Sequence[str], domains: Sequence[str]) -> ScikitPeer:
        """Learn from labelled texts."""
        self.model.fit(texts, domains)
        return self

    def predict(self, texts: Sequence[str]) -> tuple[list[str], npt.NDArray[np.float64]]:
        """The likeliest domain of each text, and its lead over the second."""
        scores = self.model.decision_function(texts)
        second, first = np.partition(scores, -2, axis=1)[:, -2:].T
        return self.model.classes_[scores.argmax(axis=1)].tolist(), first - second


class FastText:
    """Facebook's fastText with word pairs and letter groups."""

    def fit(self, texts: Sequence[str], domains: Sequence[str]) -> FastText:
        """Learn from labelled texts, in one thread so that it can be repeated."""
        import fasttext  # noqa: PLC0415  optional: pip install ".[peers]"

        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
            file.writelines(
                f"__label__{domain} {self._plain(text)}\n" for text, domain in zip(texts, domains, strict=True)
            )
            file.flush()
            self.model = fasttext.train_supervised(
                file.name, epoch=25, lr=0.5, dim=100, wordNgrams=2, minn=3, maxn=6, bucket=200_000, thread=1, verbose=0
            )
        return self

    def predict(self, texts: Sequence[str]) -> tuple[list[str], npt.NDArray[np.float64]]:
        """The likeliest domain of each text and its probability."""
        found = [self.model.f.predict(self._plain(text) + "\n", 1, 0.0, "strict")[0] for text in texts]
        return [label.removeprefix("__label__") for _, label in found], np.array([share for share, _ in found])

    @staticmethod
    def _plain(text: str) -> str:
        return " ".join(re.findall(r"\w+", text.lower()))

    def __getstate__(self) -> dict[str, object]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.bin"
            self.model.save_model(str(path))
            return {"bytes": path.read_bytes()}


class Wijkverbinder:
    """Our own classifier, that also has the lexicon."""

    def fit(self, texts: Sequence[str], domains: Sequence[str]) -> Wijkverbinder:
        """Learn from labelled texts; the other domains of a remark are not told here, as to the peers."""
        from pipeline.domains import load_taxonomy  # noqa: PLC0415
        from pipeline.model.classifier import RemarkClassifier  # noqa: PLC0415
        from pipeline.model.history import Example  # noqa: PLC0415
        from pipeline.model.lexicon import load_lexicon  # noqa: PLC0415
        from pipeline.settings import load_settings  # noqa: PLC0415

        settings = load_settings()
        taxonomy = load_taxonomy(settings.path("domains"))
        examples = [
            Example(str(row), "", text, (domain,), urgent=False, source="")
            for row, (text, domain) in enumerate(zip(texts, domains, strict=True))
        ]
        self.model = RemarkClassifier(taxonomy).fit(examples, load_lexicon(settings.path("lexicon"), taxonomy))
        return self

    def predict(self, texts: Sequence[str]) -> tuple[list[str], npt.NDArray[np.float64]]:
        """The likeliest domain of each text, and its lead over the second."""
        scores = self.model.scores(self.model.tokenizer(texts)).primary
        second, first = np.partition(scores, -2, axis=1)[:, -2:].T
        return [self.model.taxonomy.ids[column] for column in scores.argmax(axis=1)], first - second


def signalen_recipe() -> Any:
    """Signalen's published recipe as a scikit-learn pipeline.

    Lower case, non-word characters out, Dutch stop words out, Snowball stems, unigrams, L2-normalised term
    frequencies, logistic regression.
    """
    from nltk.stem.snowball import SnowballStemmer  # noqa: PLC0415  the stemmer that Signalen uses
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415

    return make_pipeline(TfidfVectorizer(analyzer=SnowballStems(SnowballStemmer("dutch")), use_idf=False),
                         LogisticRegression(max_iter=1_000))  # fmt: skip


class SnowballStems:
    """Stems of the words of a text that are no stop words."""

    def __init__(self, stemmer: Any) -> None:
        from spacy.lang.nl.stop_words import STOP_WORDS  # noqa: PLC0415

        self.stemmer, self.stop_words = stemmer, STOP_WORDS

    def __call__(self, text: str) -> list[str]:
        """Stems in reading order."""
        words = re.sub(r"\W+", " ", text.lower()).split()
        return [self.stemmer.stem(word) for word in words if word not in self.stop_words]


def usual_svm() -> Any:
    """The usual text classifier: TF-IDF of words and of letter groups, linear SVM."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline, make_union  # noqa: PLC0415
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    words = TfidfVectorizer(sublinear_tf=True, min_df=2)
    groups = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    return make_pipeline(make_union(words, groups), LinearSVC(C=0.5))


PEERS = {
    "Wijkverbinder": Wijkverbinder,
    "Signalen recipe": lambda: ScikitPeer(signalen_recipe()),
    "TF-IDF and linear SVM": lambda: ScikitPeer(usual_svm()),
    "fastText": FastText,
}


@dataclass(frozen=True)
class PeerFigures:
    """What one peer is worth.

    Attributes
    ----------
    accuracy, t_accuracy
        Share of right primary domains on all left-out batches, and on those of other writers (named t...).
    coverage
        Share of remarks, surest first, of which 95% are right.
    train_seconds, rate, memory, size
        Of one training on everything; remarks per second, peak memory and pickled size in MB.
    """

    accuracy: float
    t_accuracy: float
    coverage: float
    train_seconds: float
    rate: float
    memory: float
    size: float


def measure_peer(name: str, new_texts: Sequence[str]) -> PeerFigures:
    """Quality on batches left out in groups, then cost; call it in a process of its own for the memory."""
    from pipeline.domains import load_taxonomy  # noqa: PLC0415
    from pipeline.model.evaluation import batch_groups, coverage_at  # noqa: PLC0415
    from pipeline.model.history import load_history  # noqa: PLC0415
    from pipeline.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    examples = [e for e in load_history(settings.path("history"), load_taxonomy(settings.path("domains"))) if e.domains]
    texts, first = [e.text for e in examples], [e.domains[0] for e in examples]
    start = time.perf_counter()
    model = PEERS[name]().fit(texts, first)
    train_seconds = time.perf_counter() - start
    size = len(pickle.dumps(model)) / 1e6
    start = time.perf_counter()
    model.predict(new_texts)
    rate = len(new_texts) / (time.perf_counter() - start)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    right, sure = np.zeros(len(examples), bool), np.zeros(len(examples))
    for group in batch_groups([e.batch for e in examples], GROUPS):
        out = np.array([e.batch in group for e in examples])
        seen, unseen = np.flatnonzero(~out), np.flatnonzero(out)
        peer = PEERS[name]().fit([texts[i] for i in seen], [first[i] for i in seen])
        named, sure[unseen] = peer.predict([texts[i] for i in unseen])
        right[unseen] = [named[row] == first[i] for row, i in enumerate(unseen)]
    others = np.array([e.batch.startswith("t") for e in examples])
    return PeerFigures(float(right.mean()), float(right[others].mean()), coverage_at(sure, right, 0.95),
                       train_seconds, rate, memory, size)  # fmt: skip
