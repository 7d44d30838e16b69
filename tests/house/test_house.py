"""The house keeps its shape: packages, module sizes, names, walls."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for room in ("matcher", "api", "benchmarks") for path in (ROOT / room).rglob("*.py"))
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "handler"}
MOST_LINES = 400


def relative(path: Path) -> str:
    """Name a module as a reader would."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "__init__.py"], ids=relative)
def test_a_package_init_holds_a_docstring_only(path: Path) -> None:
    """What an `__init__` runs would slip through the walls."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    assert len(body) == 1
    assert isinstance(body[0], ast.Expr)


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_is_short_and_named_by_a_noun(path: Path) -> None:
    """A long module is two; a drawer for odds and ends becomes everybody's import."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
    assert path.stem not in DRAWERS


def test_every_folder_of_code_is_a_package() -> None:
    """A folder without `__init__` would be left out of the import contracts; only migrations are loaded by path."""
    folders = {path.parent for path in MODULES}
    without = {relative(folder) for folder in folders if not (folder / "__init__.py").exists()}
    assert all("migrations" in folder for folder in without)


def test_the_walls_stand() -> None:
    """The import contracts of pyproject.toml hold."""
    program = Path(sys.executable).parent / "lint-imports"
    found = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_a_fallen_wall_is_noticed(tmp_path: Path) -> None:
    """The contracts can fail: a hub module that imports a person breaks them."""
    for room in ("matcher", "api", "benchmarks"):
        for path in (ROOT / room).rglob("*.py"):
            copy = tmp_path / relative(path)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    (tmp_path / "api" / "hub" / "peeping.py").write_text("from matcher.person import Person\n", encoding="utf-8")
    program = Path(sys.executable).parent / "lint-imports"
    environment = {"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"}
    found = subprocess.run(
        [program, "--no-cache"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert found.returncode == 1
    assert re.search(r"the hub cannot see a person\s+BROKEN", found.stdout)
