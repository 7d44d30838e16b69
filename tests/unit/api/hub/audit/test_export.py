"""The operator's export: whole or sealed, its owner's alone, over nothing, and written down."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from api.agent.audit.download import check_file
from api.agent.audit.pin import Pin
from api.agent.errors import LogError
from api.hub import operating
from api.hub.errors import SetupError

CHANGES = {
    "edit": "UPDATE audit_entry SET leaf = replace(leaf, 'entries_file', 'entries_fake') WHERE number = :number",
    "delete": "DELETE FROM audit_entry WHERE number = :number",
    "truncate": "DELETE FROM audit_entry WHERE number > :number",
    "reorder": "UPDATE audit_entry SET leaf = (SELECT leaf FROM audit_entry WHERE number = 0) WHERE number = :number",
}


def test_an_export_is_verified_and_its_making_is_an_act(world: Any, entry: Any, tmp_path: Path) -> None:
    """By the partner's side, with the log's own key; the file is not readable by others, and not overwritten."""
    a = world.join("a")
    a.file(entry("x"))
    path = tmp_path / "log.jsonl"
    assert operating.export_log(world.hub, path, is_sealed=False) == 256
    assert path.stat().st_mode & 0o777 == 0o600
    checked = check_file(path, Pin(world.hub.log_key.verifier))
    assert (checked.size, checked.acts["entries_file"]) == (256, 1)
    with pytest.raises(SetupError) as caught:
        operating.export_log(world.hub, path, is_sealed=True)
    assert caught.value.code == "file_exists"
    last = world.rows("SELECT leaf FROM audit_entry ORDER BY number DESC LIMIT 1")[0][0]
    assert (json.loads(last)["action"], json.loads(last)["decision"]) == ("audit_read", "exported")


@pytest.mark.parametrize("how", CHANGES)
def test_a_table_that_was_changed_is_exported_as_such(world: Any, entry: Any, tmp_path: Path, how: str) -> None:
    """Whoever writes to the database leaves a log that does not fit its checkpoint."""
    a = world.join("a")
    for number in range(5):
        a.file(entry(f"{number}"))
    operating.export_log(world.hub, tmp_path / "before.jsonl", is_sealed=True)
    number = world.rows("SELECT max(number) FROM audit_entry WHERE leaf LIKE '%entries_file%'")[0][0]
    with world.hub.database.writing() as connection:
        connection.execute(text("DELETE FROM audit_object"))
        connection.execute(text(CHANGES[how]), {"number": number})
    operating.export_log(world.hub, tmp_path / "after.jsonl", is_sealed=False)
    assert check_file(tmp_path / "before.jsonl", None).size == 256
    with pytest.raises(LogError) as caught:
        check_file(tmp_path / "after.jsonl", None)
    assert caught.value.code == ("log_truncated" if how in {"delete", "truncate"} else "log_forked")
