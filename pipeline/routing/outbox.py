"""A Maildir as outbox: each letter is put there exactly once, also when a run is cut off and run again."""

from __future__ import annotations

import os
from email.message import EmailMessage
from pathlib import Path

MAILDIR_FOLDERS = ("tmp", "new", "cur")


class MaildirOutbox:
    """Letters as files for a person or a mail program to look at and send on.

    Parameters
    ----------
    folder
        Made when it does not exist.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.was_there = folder.is_dir()
        for name in MAILDIR_FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)

    def holds(self, letter: str) -> bool:
        """Whether a letter stands in the outbox, read or unread."""
        return (self.folder / "new" / letter).exists() or any((self.folder / "cur").glob(f"{letter}*"))

    def read(self, letter: str) -> bytes | None:
        """A letter that stands in the outbox, or None when it does not."""
        for path in (self.folder / "new" / letter, *(self.folder / "cur").glob(f"{letter}*")):
            if path.exists():
                return path.read_bytes()
        return None

    def put(self, letter: str, message: EmailMessage) -> None:
        """Put a letter in the outbox, complete or not at all; putting it twice leaves one."""
        draft = self.folder / "tmp" / letter
        with draft.open("wb") as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.folder / "new" / letter)
