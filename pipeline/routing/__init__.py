"""Routing: from probabilities to a decision, contacts and letters."""
