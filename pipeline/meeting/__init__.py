"""Meeting: what belongs together, and the page that shows it."""
