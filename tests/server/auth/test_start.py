"""What a server needs before others can reach it, and the file of its own secret."""

from pathlib import Path

import pytest

from turnloom.server.auth.errors import UnsafeStartError
from turnloom.server.auth.key_file import open_key_file
from turnloom.server.auth.keyring import Keyring
from turnloom.server.auth.safe_start import check_start
from turnloom.server.settings import Settings
from turnloom.server.store.control import Control
from turnloom.server.store.control_schema import migrate_control
from turnloom.server.store.errors import ControlTooNewError, ControlUnavailableError


def test_a_public_address_needs_a_key_and_a_password(tmp_path: Path) -> None:
    """On loopback neither is needed."""
    control = Control.open_folder(tmp_path)
    keyring = Keyring(control)
    for host in ("127.0.0.1", "localhost", "::1", "127.0.0.53"):
        check_start(Settings(data=tmp_path, host=host), keyring)
    with pytest.raises(UnsafeStartError, match=r"keys create.*TURNLOOM_ADMIN_PASSWORD"):
        check_start(Settings(data=tmp_path, host="0.0.0.0"), keyring)  # noqa: S104 (it is what is tested)
    keyring.create("default", "write")
    with pytest.raises(UnsafeStartError, match="12 characters"):
        check_start(Settings(data=tmp_path, host="::", admin_password="short"), keyring)
    check_start(Settings(data=tmp_path, host="0.0.0.0", admin_password="long enough it is"), keyring)  # noqa: S104 (it is what is tested)
    control.close()


def test_the_server_secret_stays_and_is_private(tmp_path: Path) -> None:
    """Each purpose has a key of its own."""
    first, again = open_key_file(tmp_path), open_key_file(tmp_path)
    assert first.derive("cookies") == again.derive("cookies") != first.derive("erasures")
    path = tmp_path / "keys"
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(UnsafeStartError, match="chmod 600"):
        open_key_file(tmp_path)
    path.chmod(0o600)
    path.write_text("abc")
    with pytest.raises(UnsafeStartError, match="damaged"):
        open_key_file(tmp_path)


def test_control_data_is_migrated_once_and_never_backward(tmp_path: Path) -> None:
    """A database of a later version is left alone."""
    control = Control.open_folder(tmp_path)
    with control.transaction() as connection:
        migrate_control(connection, postgres=False)
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        connection.exec_driver_sql("INSERT INTO schema_versions VALUES (99, 0)")
    control.close()
    with pytest.raises(ControlTooNewError, match="version 99"):
        Control.open_folder(tmp_path)


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    """DDL is taken back too."""
    control = Control.open_folder(tmp_path)
    with pytest.raises(ZeroDivisionError), control.transaction() as connection:
        connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")
        raise ZeroDivisionError
    with control.transaction() as connection:
        assert not connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'half'").all()
    control.close()
    with pytest.raises(ControlUnavailableError, match="setting `control`"):
        Control(f"sqlite:///{tmp_path}/no/such/folder.sqlite")
