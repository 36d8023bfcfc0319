"""Model: from clean text to probabilities per domain."""
