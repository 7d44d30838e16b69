"""An agent works with the shipped frequency model until its partner chooses one that is not far off, or has looked."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.agent.cli import app
from api.agent.consent import Stated
from api.agent.errors import SettingsError
from api.agent.frequencies.building import build_model
from api.agent.frequencies.choice import use_model, use_shipped
from api.agent.frequencies.counting import Counts
from api.agent.frequencies.files import write_model
from api.agent.intake import Intake, take_in
from api.agent.reading import read_file
from api.agent.secret_file import write_secret
from api.agent.session import Session, open_session
from api.agent.setup import Setup, set_up
from matcher.encode.encoder import Encoder
from matcher.encode.frequency import FrequencyModel
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.secret import LinkageSecret
from matcher.normalise.record import normalise
from matcher.person import RawRecord
from matcher.phonetics.keys import blocking_key
from matcher.schema import LinkageSchema

SCHEMA = LinkageSchema.shipped("nepal")
SHIPPED = FrequencyModel.shipped("nepal-1")
ROW = "V-1,Kripa,Lakhe,Pasang Sherpa,1990-03-12,Dolakha,Bigu,9800011122,2024-01-05,no"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Set up an agent that works offline."""
    write_secret(tmp_path / "s", LinkageSecret.generate())
    set_up(Setup(tmp_path / "offline", tmp_path / "s"))
    return tmp_path / "offline"


@pytest.fixture
def session(folder: Path) -> Iterator[Session]:
    """Open it."""
    with open_session(folder, str) as session:
        yield session


def own(name: str, surnames: Counter[str]) -> FrequencyModel:
    """Make a model from counts of surnames alone."""
    counts = {part.name: Counter[str]() for part in SCHEMA.gate.parts} | {"family_name": surnames}
    return build_model(Counts(counts, (), is_aggregate=True), SCHEMA, name).model


def like_shipped(name: str = "shelter-1", more: str = "") -> FrequencyModel:
    """Make a model of the shipped surnames, and one more that the shipped model takes for rare."""
    shares = SHIPPED.document["parts"]["family_name"]["shares"]
    return own(name, Counter({key: round(share * 30_000) for key, share in shares.items()}) + Counter({more: 900}))


def taken(session: Session, folder: Path) -> Intake:
    """Take one case in."""
    path = folder / "cases.csv"
    header = "case_ref,given_name,family_name,father_name,birth_date,district,local_unit,phone,recorded_on"
    path.write_text(f"{header},location_protected\n{ROW}\n", encoding="utf-8")
    return take_in(session, read_file(session, path, (), lambda *_: None, consent=Stated()), lambda *_: None)


def test_the_shipped_model_stands_until_another_is_chosen(folder: Path, session: Session) -> None:
    """And what was chosen is still there when the agent is opened again."""
    assert session.frequencies.document == SHIPPED.document
    model = like_shipped()
    use_model(session, model, 3.0, is_seen=False)
    with open_session(folder, str) as again:
        assert again.frequencies.document == model.document
        use_shipped(again)
    with open_session(folder, str) as again:
        assert again.frequencies.document == SHIPPED.document


def test_cases_are_encoded_anew_under_another_model(folder: Path, session: Session, tmp_path: Path) -> None:
    """The next import takes every case for changed, the one after it none."""
    first = taken(session, tmp_path)
    assert taken(session, tmp_path).unchanged == 1
    use_model(session, like_shipped(more=blocking_key("Lakhe")), 3.0, is_seen=False)
    with open_session(folder, str) as again:
        second = taken(again, tmp_path)
        assert (second.new, second.changed) == (0, 1)
        assert taken(again, tmp_path).unchanged == 1
    assert first.entries > 0
    assert second.entries > 0


def test_one_person_meets_under_two_models() -> None:
    """A surname that only one partner takes for common costs some keys, not the meeting."""
    words = {"given_name": "Kripa", "family_name": "Lakhe", "birth_date": "1990-03-12", "district": "Dolakha"}
    person = normalise(RawRecord("V-1", words, date(2024, 1, 5)), SCHEMA)
    prf = SharedSecretPrf(LinkageSecret.generate(), SCHEMA)
    key = blocking_key("Lakhe")
    assert SHIPPED.share("family_name", key) < like_shipped(more=key).share("family_name", key) / 10
    one, other = (
        {entry.token for entry in Encoder(SCHEMA, prf, model).encode([person])[0].entries}
        for model in (SHIPPED, like_shipped(more=key))
    )
    assert one & other
    assert one != other


def test_a_model_far_off_is_refused_until_somebody_has_looked(session: Session) -> None:
    """Nothing is kept of the first attempt."""
    strange = own("shelter-1", Counter({"ZZKL": 400, "QQPL": 300}))
    with pytest.raises(SettingsError) as caught:
        use_model(session, strange, 3.0, is_seen=False)
    assert caught.value.code == "frequencies_far_off"
    assert not session.vault.settings.frequencies()
    use_model(session, strange, 3.0, is_seen=True)
    assert session.frequencies.document == strange.document


def test_a_shipped_model_s_name_is_not_taken(session: Session) -> None:
    """Two unlike models of one name would be told apart by nobody."""
    with pytest.raises(SettingsError) as caught:
        use_model(session, like_shipped("nepal-1"), 3.0, is_seen=True)
    assert caught.value.code == "frequencies_name"


def test_the_command_tells_and_chooses(folder: Path, tmp_path: Path) -> None:
    """Without a file it tells the model in use; with one it shows how it agrees."""
    write_model(tmp_path / "own.json", like_shipped())
    said = [
        CliRunner().invoke(app, ["agent", "frequencies", *arguments, "--dir", str(folder)])
        for arguments in ([], [str(tmp_path / "own.json")], [], ["--shipped"])
    ]
    assert [each.exit_code for each in said] == [0, 0, 0, 0]
    assert "Compared with nepal-1" in said[1].stdout
    names = [line for each in said for line in each.stdout.splitlines() if line.startswith("Frequency model")]
    assert names == [f"Frequency model: {name}" for name in ("nepal-1", "shelter-1", "shelter-1", "nepal-1")]
