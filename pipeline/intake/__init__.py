"""Intake: from any supported file to one remark table without personal data."""
