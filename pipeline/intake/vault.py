"""Original texts under lock and key, for a municipality that must be able to look back for some days."""

from __future__ import annotations

import os

from pipeline.errors import SettingsError

KEY_VARIABLE = "WIJKVERBINDER_KEY"
MAKE_KEY = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'


class Vault:
    """Encrypts and decrypts original texts (Fernet: AES-128-CBC with HMAC-SHA256), with a key from the environment.

    Raises
    ------
    SettingsError
        When the environment holds no key, or no valid one. The key itself is never shown.
    """

    def __init__(self) -> None:
        from cryptography.fernet import Fernet  # noqa: PLC0415  only for who keeps originals

        key = os.environ.get(KEY_VARIABLE, "")
        if not key:
            raise SettingsError(
                f"om oorspronkelijke teksten te bewaren is een sleutel nodig in de omgevingsvariabele {KEY_VARIABLE}; "
                f"maak er een met: {MAKE_KEY}"
            )
        try:
            self._fernet = Fernet(key)
        except ValueError:
            raise SettingsError(f"de sleutel in {KEY_VARIABLE} is geen geldige Fernet-sleutel") from None

    def seal(self, text: str) -> bytes:
        """Encrypted text."""
        return self._fernet.encrypt(text.encode("utf-8", errors="replace"))

    def unseal(self, sealed: bytes) -> str:
        """Text that was sealed with the same key.

        Raises
        ------
        SettingsError
            When the key is another one, or the bytes were changed.
        """
        from cryptography.fernet import InvalidToken  # noqa: PLC0415

        try:
            return self._fernet.decrypt(sealed).decode("utf-8")
        except InvalidToken:
            raise SettingsError(f"de sleutel in {KEY_VARIABLE} past niet op deze tekst") from None
