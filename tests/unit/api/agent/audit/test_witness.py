"""A witness notices whatever a hub does to what it has seen, and keeps the hub's own signature as evidence."""

import random
from typing import Any

import pytest

from api.agent.audit import pin, report, witness
from api.agent.errors import LogError
from api.wire.audit.checkpoint import open_checkpoint, verify_cosignature
from api.wire.audit.notes import Algorithm, Note, SigningKey, VerifierKey, read_signature

TRIALS = 1_000
NOW = 1_790_000_000.9


def look(session: Any, log: Any) -> witness.Watched:
    """Let the agent look at the log."""
    return witness.watch(session, log, lambda: NOW)


def test_the_first_look_pins_key_and_checkpoint(session: Any, log: Any) -> None:
    """The key is shown, so that people can compare it."""
    seen = look(session, log)
    assert (seen.is_first, seen.size, seen.grown) == (True, 20, 20)
    assert seen.log_key == log.key.verifier.text
    assert log.key.verifier.text in report.describe_watch(seen)
    assert pin.read_pin(session.vault.settings).checkpoint == log.head()


def test_a_log_that_grows_is_cosigned_each_time(session: Any, log: Any) -> None:
    """Once for each checkpoint, with the witness's own key, at its time."""
    look(session, log)
    assert look(session, log).grown == 0
    log.add(5)
    seen = look(session, log)
    assert (seen.is_first, seen.grown, seen.cosignatures) == (False, 5, 1)
    assert [each.size for each in log.cosignatures] == [20, 25]
    given = log.cosignatures[-1]
    key = VerifierKey.read(given.witness_key)
    assert verify_cosignature(log.head(), read_signature(given.signature), key) == int(NOW)
    assert "5 more than last time" in report.describe_watch(seen)


def tampered(leaves: list[str], chance: random.Random, new_leaf: Any, seen: int) -> tuple[str, list[str]]:
    """Return what was done to a log, and the log; whatever was done reaches into what a witness has seen."""
    how = chance.choice(["edit", "delete", "reorder", "truncate", "fork"])
    place, changed = chance.randrange(seen), list(leaves)
    if how == "edit":
        changed[place] = new_leaf("entries_erase")
    elif how == "delete":
        del changed[place]
    elif how == "reorder":
        other = chance.choice([each for each in range(len(changed)) if each != place])
        changed[place], changed[other] = changed[other], changed[place]
    elif how == "truncate":
        del changed[place:]
    else:
        changed[place:] = [new_leaf() for _ in changed[place:]]
    grown = 0 if how == "truncate" and chance.random() < 0.5 else chance.randrange(60)
    return how, changed + [new_leaf() for _ in range(grown)]


def test_a_thousand_tampered_logs_are_all_noticed(log: Any, leaf: Any) -> None:
    """Edits, deletions, reorders, truncations and forks, each freshly signed and proven as well as can be."""
    chance = random.Random(6962)  # noqa: S311 - the same tampering every time
    noticed: list[str] = []
    honest = log.leaves
    for _ in range(TRIALS):
        seen = chance.randrange(1, len(honest) + 1)
        log.leaves, log.knows_its_past = honest[:seen], True
        pinned = pin.Pin(log.key.verifier, log.head().text, log.checkpoint().note)
        how, log.leaves = tampered(honest, chance, leaf, seen)
        log.knows_its_past = chance.random() < 0.9 and len(log.leaves) >= seen
        with pytest.raises(LogError) as caught:
            witness.require_continued(log, pinned.checkpoint, pin.open_note(log.checkpoint().note, log.key.verifier))
        assert caught.value.code in {"log_forked", "log_truncated"}
        noticed.append(how)
    assert len(noticed) == TRIALS
    assert min(noticed.count(how) for how in ("edit", "delete", "reorder", "truncate", "fork")) > 150


def test_an_honest_log_is_never_accused(session: Any, log: Any) -> None:
    """Whatever it was when the witness looked, and however much it grew since."""
    chance = random.Random(9162)  # noqa: S311 - the same growth every time
    for _ in range(60):
        seen = look(session, log)
        assert seen.size == len(log.leaves)
        log.add(chance.randrange(4))


def test_a_proof_of_another_log_does_not_help(session: Any, log: Any, leaf: Any) -> None:
    """A hub that forked and shows the honest log's proof beside the forked head is noticed."""
    look(session, log)
    honest, forked = list(log.leaves), [*log.leaves[:-1], leaf()]
    log.add(7)
    proof = log.consistency(20, 27)
    log.leaves = [*forked, *log.leaves[20:]]
    log.consistency = lambda _old, _new: proof
    with pytest.raises(LogError) as caught:
        look(session, log)
    assert caught.value.code == "log_forked"
    assert honest != forked


def test_an_alarm_keeps_both_checkpoints_and_the_pin(session: Any, log: Any, leaf: Any) -> None:
    """Both bear the hub's signature; the fork is neither pinned nor cosigned, and stays an alarm."""
    look(session, log)
    before = log.head()
    log.leaves[3] = leaf()
    for _ in range(2):
        with pytest.raises(LogError) as caught:
            look(session, log)
    assert (caught.value.code, caught.value.where) == ("log_forked", "audit log")
    assert "casematch audit checkpoint" in caught.value.advice
    settings = session.vault.settings
    shown = [open_checkpoint(Note.read(note), log.key.verifier) for note in pin.read_evidence(settings)]
    assert shown == [before, log.head()]
    assert pin.read_pin(settings).checkpoint == before
    assert len(log.cosignatures) == 1
    told = report.describe_pin(pin.read_pin(settings), pin.read_evidence(settings))
    assert "ALARM" in told


def test_another_key_is_refused_until_people_have_pinned_it(session: Any, log: Any) -> None:
    """And the past stays pinned across the change, so that a new key hides nothing."""
    look(session, log)
    log.key = SigningKey(log.key.verifier.name, Algorithm.NOTE, bytes(32))
    log.add(3)
    with pytest.raises(LogError) as caught:
        look(session, log)
    assert caught.value.code == "signature_missing"
    pin.pin_key(session.vault.settings, log.key.verifier.text)
    assert look(session, log).grown == 3
    log.leaves[0], log.leaves[1] = log.leaves[1], log.leaves[0]
    with pytest.raises(LogError) as caught:
        look(session, log)
    assert caught.value.code == "log_forked"


@pytest.mark.parametrize("wrong", ["", "nonsense", "a+00000000+AAAA"])
def test_a_key_that_is_none_is_not_pinned(session: Any, wrong: str) -> None:
    """A letter that is wrong is noticed."""
    with pytest.raises(LogError) as caught:
        pin.pin_key(session.vault.settings, wrong)
    assert caught.value.code == "key_malformed"
    assert pin.read_pin(session.vault.settings) is None


def test_a_key_of_another_log_or_of_a_witness_is_not_pinned(session: Any, log: Any) -> None:
    """The log's name stays the same for ever."""
    look(session, log)
    other = SigningKey("casematch-hub/other", Algorithm.NOTE, bytes(32)).verifier.text
    agent = SigningKey(log.key.verifier.name, Algorithm.COSIGNATURE, bytes(32)).verifier.text
    for text, code in ((other, "log_other"), (agent, "key_malformed")):
        with pytest.raises(LogError) as caught:
            pin.pin_key(session.vault.settings, text)
        assert caught.value.code == code


def test_a_key_can_be_pinned_before_the_first_look(session: Any, log: Any) -> None:
    """Who compared it beforehand need not trust the first sight."""
    pin.pin_key(session.vault.settings, log.key.verifier.text)
    assert look(session, log).is_first is False


def test_a_witness_keeps_its_key(session: Any, vault: Any) -> None:
    """It is made once; its name says nothing of the partner."""
    first = pin.witness_key(session.vault.settings)
    assert pin.witness_key(vault.settings).verifier == first.verifier
    assert first.verifier.name.startswith("casematch-agent/")
    assert repr(first) == "SigningKey()"


def test_before_the_first_look_there_is_nothing_to_show() -> None:
    """The command says what to do."""
    assert "casematch audit verify" in report.describe_pin(None, [])
