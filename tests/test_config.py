"""Settings: each bad one is named in one message, without its value."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot import config

TOKEN = "123456:abcdefghijklmnopqrstuvwxyz_-ABCDEFG"


def test_the_example_file_names_every_setting_with_its_default() -> None:
    example = config.with_file(config.ROOT / ".env.example", {})
    assert tuple(example) == config.NAMES
    assert config.read(example) == config.read({})
    assert example["TELEGRAM_API_URL"] == config.read({}).api_url
    assert example["PRELIEN_DATABASE"] == str(config.read({}).database)
    assert example["PRELIEN_LOCAL_PORT"] == str(config.read({}).local_port)
    assert example["PRELIEN_BULK_PER_SECOND"] == str(config.read({}).bulk_per_second)
    assert getattr(logging, example["PRELIEN_LOG_LEVEL"]) == config.read({}).log_level


def test_without_a_token_the_bot_runs_on_the_local_telegram() -> None:
    assert config.read({}).local
    assert config.read({"TELEGRAM_BOT_TOKEN": " "}).local
    assert not config.read({"TELEGRAM_BOT_TOKEN": TOKEN}).local


def test_the_token_is_not_in_what_is_printed_of_settings() -> None:
    assert TOKEN not in repr(config.read({"TELEGRAM_BOT_TOKEN": TOKEN}))


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("TELEGRAM_BOT_TOKEN", "secret", "is not of the form BotFather gives"),
        ("TELEGRAM_BOT_TOKEN", "١٢٣:abcdefghijkl", "is not of the form BotFather gives"),
        ("TELEGRAM_BOT_TOKEN", TOKEN + " " + TOKEN, "is not of the form BotFather gives"),
        ("TELEGRAM_API_URL", "api.telegram.org", "must be an address like"),
        ("TELEGRAM_API_URL", "ftp://x", "must be an address like"),
        ("TELEGRAM_API_URL", "http://", "must be an address like"),
        ("TELEGRAM_API_URL", "http://[::1", "must be an address like"),
        ("TELEGRAM_API_URL", "http://x:99999", "must be an address like"),
        ("TELEGRAM_API_URL", "https://x?token=1", "must be an address like"),
        ("TELEGRAM_API_URL", "https://me:secret@x", "must be an address like"),
        ("PRELIEN_DATABASE", "{folder}", "names a folder; it must name a file"),
        ("PRELIEN_DATABASE", "{folder}/file/x.sqlite", "lies below something that is not a folder"),
        ("PRELIEN_DIALOGS", "{folder}/none", "must name a folder that exists"),
        ("PRELIEN_DIALOGS", "{folder}/file", "must name a folder that exists"),
        ("PRELIEN_TEMPLATES", "{folder}/none", "must name a folder that exists"),
        ("PRELIEN_LOCAL_PORT", "0", "must be a number from 1 to 65535"),
        ("PRELIEN_LOCAL_PORT", "65536", "must be a number from 1 to 65535"),
        ("PRELIEN_LOCAL_PORT", "9" * 5000, "must be a number from 1 to 65535"),
        ("PRELIEN_LOCAL_PORT", "²", "must be a number from 1 to 65535"),
        ("PRELIEN_BULK_PER_SECOND", "0", "must be a number from 1 to 1000"),
        ("PRELIEN_BULK_PER_SECOND", "1001", "must be a number from 1 to 1000"),
        ("PRELIEN_BULK_PER_SECOND", "fast", "must be a number from 1 to 1000"),
        ("PRELIEN_LOG_LEVEL", "LOUD", "must be one of DEBUG, INFO, WARNING, ERROR"),
        ("PRELIEN_DATABSE", "x", "is not a setting of this bot. Did you mean PRELIEN_DATABASE?"),
        ("PRELIEN_COLOUR_OF_THE_SKY", "x", "is not a setting of this bot."),
    ],
)
def test_a_bad_setting_is_named_without_its_value(tmp_path: Path, name: str, value: str, fault: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(config.SettingsError) as caught:
        config.read({name: value.format(folder=tmp_path)})
    message = str(caught.value)
    assert f"  - {name} {fault}" in message
    assert message.count("\n") == 1
    assert "secret" not in message
    assert TOKEN not in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PRELIEN_LOCAL_PORT", "1"),
        ("PRELIEN_LOCAL_PORT", "65535"),
        ("PRELIEN_BULK_PER_SECOND", "1000"),
        ("PRELIEN_LOG_LEVEL", "debug"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081/"),
        ("PRELIEN_NEEDS_BROWSER", "1"),
        ("HOME", "/"),
    ],
)
def test_a_good_setting_passes(name: str, value: str) -> None:
    assert config.read({name: value})


def test_all_bad_settings_come_in_one_message() -> None:
    bad = dict.fromkeys(config.NAMES, "?") | {"PRELIEN_X": ""}
    del bad["PRELIEN_DATABASE"]
    with pytest.raises(config.SettingsError) as caught:
        config.read(bad)
    assert str(caught.value).count("\n  - ") == len(bad)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=b", "b"),
        ("export A=b", "b"),
        (" A = b ", "b"),
        ("A='b c'", "b c"),
        ('A="b # c" # d', "b # c"),
        ("A=b # c", "b"),
        ("A=# c", ""),
        ("A=b#c", "b#c"),
        ("A=it's", "it's"),
        ("A=", ""),
        ("A=b=c", "b=c"),
        ("\ufeffA=b", "b"),
    ],
)
def test_a_line_of_the_file_is_read(tmp_path: Path, line: str, value: str) -> None:
    (tmp_path / ".env").write_text(f"{line}\n\n# A=remark\n", encoding="utf-8")
    assert config.with_file(tmp_path / ".env", {}) == {"A": value}


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=file\nB=file\n")
    assert config.with_file(tmp_path / ".env", {"A": "here"}) == {"A": "here", "B": "file"}
    assert config.with_file(tmp_path / "none", {"A": "here"}) == {"A": "here"}


def test_all_bad_lines_of_the_file_come_in_one_message_without_what_they_say(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("secret\nA=b\nA=secret\n1x=secret\n")
    with pytest.raises(config.SettingsError) as caught:
        config.with_file(tmp_path / ".env", {})
    assert [line[4:] for line in str(caught.value).splitlines()[1:]] == [
        ".env, line 1: write NAME=value",
        ".env, line 3: A is set above already",
        ".env, line 4: write NAME=value",
    ]


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(config.SettingsError, match=r"\.env cannot be read"):
        config.with_file(tmp_path / ".env", {})
