"""Original texts under lock and key: off by default, unreadable without the key, gone after their days."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from cryptography.fernet import Fernet

from pipeline.errors import SettingsError
from pipeline.intake.vault import KEY_VARIABLE, Vault
from pipeline.store import Store

TEXT = "Mw. Zeehond, 06 12345678 🐧"


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Vault:
    monkeypatch.setenv(KEY_VARIABLE, Fernet.generate_key().decode())
    return Vault()


def test_what_is_sealed_can_be_read_with_the_key_only(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = vault.seal(TEXT)
    assert b"Zeehond" not in sealed
    assert vault.unseal(sealed) == TEXT
    monkeypatch.setenv(KEY_VARIABLE, Fernet.generate_key().decode())
    with pytest.raises(SettingsError, match="past niet"):
        Vault().unseal(sealed)


@pytest.mark.parametrize(
    ("key", "complaint"), [("", "is een sleutel nodig"), ("geheim", "geen geldige Fernet-sleutel")]
)
def test_without_a_key_nothing_is_kept_and_the_reason_is_clear(
    key: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, key)
    with pytest.raises(SettingsError, match=complaint) as caught:
        Vault()
    assert not key or key not in str(caught.value)


def test_originals_are_gone_after_their_days(vault: Vault, store_url: str) -> None:
    store = Store(store_url)
    with store.replacing_week("2026-W47") as shelf:
        shelf.keep_originals(["1", "2"], [vault.seal(TEXT), vault.seal("x")], date(2026, 11, 20))
        shelf.close_week("m", 2, 0, datetime(2026, 11, 16))
    store.forget_originals(date(2026, 11, 20))
    kept = store.original("2026-W47", "1")
    assert kept is not None
    assert vault.unseal(kept) == TEXT
    store.forget_originals(date(2026, 11, 21))
    assert store.original("2026-W47", "1") is None
    store.close()
