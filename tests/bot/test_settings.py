"""Settings come from the environment, whole or not at all, and never show a secret."""

import pytest

from preship.bot.settings import SettingsError, load_settings

KEY = "-----BEGIN RSA PRIVATE KEY-----\\nMIIE\\n-----END RSA PRIVATE KEY-----"
APP = {"PRESHIP_APP_ID": "7", "PRESHIP_PRIVATE_KEY": KEY, "PRESHIP_WEBHOOK_SECRET": "whisper"}


def test_nothing_configured_is_the_set_up_mode():
    settings = load_settings({})
    assert not settings.has_app
    assert settings.api_url == "https://api.github.com"


def test_an_app_comes_with_id_key_and_secret():
    settings = load_settings({**APP, "PRESHIP_WEBHOOK_SECRET_PREVIOUS": "murmur"})
    assert settings.has_app
    assert [secret.get_secret_value() for secret in settings.webhook_secrets] == ["whisper", "murmur"]
    assert settings.private_key is not None
    assert settings.private_key.get_secret_value().splitlines()[1] == "MIIE"


def test_a_key_may_be_named_by_its_path(tmp_path):
    (tmp_path / "app.pem").write_text(KEY.replace("\\n", "\n"))
    settings = load_settings({**APP, "PRESHIP_PRIVATE_KEY": str(tmp_path / "app.pem")})
    assert settings.private_key is not None
    assert settings.private_key.get_secret_value().startswith("-----BEGIN RSA")


def test_every_mistake_is_told_at_once_with_its_variable():
    with pytest.raises(SettingsError) as caught:
        load_settings({"PRESHIP_PORT": "eighty", "PRESHIP_API_URL": "ftp://x", "PRESHIP_APP_ID": "7"})
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "PRESHIP_API_URL",
        "PRESHIP_PORT",
        "PRESHIP_PRIVATE_KEY",
        "PRESHIP_WEBHOOK_SECRET",
    ]


def test_a_key_that_is_none_is_refused_without_showing_it():
    with pytest.raises(SettingsError) as caught:
        load_settings({**APP, "PRESHIP_PRIVATE_KEY": "hunter2"})
    assert caught.value.problems == (
        "PRESHIP_PRIVATE_KEY: is neither a PEM text nor a readable file (No such file or directory)",
    )


def test_secrets_stand_in_no_text_of_the_settings():
    shown = repr(load_settings({**APP, "DATABASE_URL": "postgresql://me:hunter2@db/preship"}))
    assert not any(secret in shown for secret in ("whisper", "hunter2", "MIIE"))


def test_an_old_secret_alone_is_no_configuration():
    with pytest.raises(SettingsError):
        load_settings({"PRESHIP_WEBHOOK_SECRET_PREVIOUS": "murmur"})
