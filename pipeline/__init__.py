"""Wijkverbinder: from the week's remarks of residents to letters and one page for the meeting."""
