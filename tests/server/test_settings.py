"""Settings: defaults < file < environment < flags; unknown names are errors."""

from dataclasses import fields
from pathlib import Path

import pytest

from turnloom.server.settings import SettingError, Settings, explain_settings, read_settings


def test_each_source_goes_before_the_one_below(tmp_path: Path) -> None:
    """And each value knows where it is from."""
    file = tmp_path / "turnloom.toml"
    file.write_text('port = 1\nhost = "localhost"\nanonymous = false\nsegment_age_s = 1')
    given = explain_settings(
        {"TURNLOOM_CONFIG": str(file), "TURNLOOM_PORT": "2", "TURNLOOM_DATA": "/a"}, data="/b"
    )
    found = {each.name: (each.value, each.source) for each in given}
    assert found["port"] == (2, "TURNLOOM_PORT")
    assert found["host"] == ("localhost", str(file))
    assert found["anonymous"] == (False, str(file))
    assert found["segment_age_s"] == (1.0, str(file))
    assert found["data"] == (Path("/b"), "--data")
    assert found["allowed_hosts"] == ("", "default")


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"TURNLOOM_PROT": "1"}, "TURNLOOM_PORT"),
        ({"TURNLOOM_PORT": "x"}, "TURNLOOM_PORT is 'x'; expected a whole number"),
        ({"TURNLOOM_ANONYMOUS": "maybe"}, "yes or no"),
        ({"TURNLOOM_SEGMENT_AGE_S": "soon"}, "a number"),
        ({"TURNLOOM_CONFIG": "/no/such/file"}, "cannot be read"),
    ],
)
def test_a_mistake_is_named(environment: dict[str, str], words: str) -> None:
    """With the nearest name, or what was expected."""
    with pytest.raises(SettingError, match=words):
        read_settings(environment)


def test_a_mistake_in_the_file_is_named(tmp_path: Path) -> None:
    """Too."""
    file = tmp_path / "turnloom.toml"
    file.write_text("prot = 1")
    with pytest.raises(SettingError, match="did you mean 'port'"):
        read_settings({"TURNLOOM_CONFIG": str(file)})
    file.write_text("port = ")
    with pytest.raises(SettingError, match="expected TOML"):
        read_settings({"TURNLOOM_CONFIG": str(file)})


def test_the_variables_of_the_client_are_no_mistakes() -> None:
    """Both halves share the prefix."""
    read_settings({"TURNLOOM_ENDPOINT": "x", "TURNLOOM_SECRET_KEY": "y", "OTHER": "z"})


def test_the_docs_list_every_setting() -> None:
    """By its name and its default."""
    page = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text()
    for each in fields(Settings):
        assert f"| `{each.name}` |" in page, each.name
