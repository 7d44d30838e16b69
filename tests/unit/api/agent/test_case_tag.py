"""Tags of case numbers: the same for one case, and for nothing else."""

from api.agent.case_tag import case_tag
from matcher.encode.secret import LinkageSecret

SECRET, OTHER = LinkageSecret.from_bytes(bytes(range(32))), LinkageSecret.from_bytes(bytes(range(1, 33)))


def test_one_case_has_one_tag_however_it_is_typed() -> None:
    """Spaces, case of letters and width of digits make no difference."""
    tags = {case_tag(SECRET, "nepal", number) for number in ("081-CR-0417", " 081-cr-0417", "\uff1081-CR- 0417")}
    assert len(tags) == 1
    assert len(tags.pop()) == 32


def test_another_case_project_or_secret_has_another_tag() -> None:
    """Nothing else shares it."""
    tags = {
        case_tag(secret, project, number)
        for secret in (SECRET, OTHER)
        for project in ("nepal", "india")
        for number in ("081-CR-0417", "081-CR-0418")
    }
    assert len(tags) == 8
