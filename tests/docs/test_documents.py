"""Documents say what the code does: errors, terms, links."""

import ast
import re
from pathlib import Path

import pytest

from matcher.episodes import Verdict

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
ERROR_CODE = re.compile(r"^\| `([a-z0-9_]+)` \|", re.MULTILINE)


def raised_codes() -> set[str]:
    """Collect every `code=` literal of the packages, and every default of such a parameter."""
    codes: set[str] = set()
    for path in [*(ROOT / "matcher").rglob("*.py"), *(ROOT / "api").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
                codes.add(node.value.value)
    return codes - {""}


def test_every_error_code_is_documented() -> None:
    """A partner who meets a code can look it up."""
    documented = set(ERROR_CODE.findall((ROOT / "docs" / "errors.md").read_text(encoding="utf-8")))
    assert raised_codes() - documented == set()


def test_every_verdict_and_reason_is_in_the_glossary() -> None:
    """Codes that a partner reads are explained."""
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    source = (ROOT / "matcher" / "episodes.py").read_text(encoding="utf-8")
    reasons = set(re.findall(r'\("([a-z_]{12,})",\)', source))
    assert len(reasons) == 7
    assert all(f"`{code}`" in glossary for code in {*reasons, *Verdict})


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    """A relative link names a file that is there."""
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target
