"""Text in a legacy font is found, and romanised names are not taken for it."""

import csv
import json
import re
from collections.abc import Iterator, Mapping

import pytest

from benchmarks.names.pairs import DATA
from matcher.document import read_data
from matcher.errors import UnreadableFieldError
from matcher.normalise.legacy import is_legacy_font, refuse_legacy_font
from matcher.normalise.text import clean
from matcher.phonetics.latin import latin_letters


def paired(letters: str, keys: str) -> Mapping[str, str]:
    """Pair two rows of words."""
    return dict(zip(letters.split(), keys.split(), strict=True))


LETTERS = paired(
    "क ख ग घ ङ च छ ज झ ञ ट ठ ड ढ ण त थ द ध न प फ ब भ म य र ल व श ष स ह",
    "s v u 3 ª r 5 h em ` 6 7 8 9 0f t y b w g k km a e d o / n j z if ; x",
)
HALVES = paired(
    "क ख ग घ च ज ञ ण त थ ध न प ब भ म ल व श ष स",
    "S V U £ R H ~ 0 T Y W G K A E D N J Z i :",
)
SIGNS = paired(
    "ा ी ु ू े ै ो ौ ं ँ ृ अ आ इ ई उ ऊ ए ऐ ओ औ ्",
    "f L ' \" ] } f] f} + F [ c cf O O{ p pm P P] cf] cf} \\",
)
LIGATURES = paired("क्ष त्र ज्ञ श्र द्ध द्य ट्ट", "If q 1 > 4 B §")
SIGN = re.compile("|".join([*LIGATURES, "र्(?=[क-ह])", "्र", "[क-ह]्(?=[क-ह])", "."]))
SHORT_I = re.compile("((?:[क-ह]्)*[क-ह])ि")
REPH = "{"


def to_preeti(text: str) -> str:
    """Return the keys a typist presses for a Devanagari text; a short i goes before its letter."""
    out: list[str] = []
    waiting = ""
    for found in SIGN.findall(SHORT_I.sub(r"ि\1", text)):
        if found == "र्":
            waiting = REPH
            continue
        out.append(key_of(found))
        if waiting and found[0] in LETTERS and len(found) == 1:
            out.append(waiting)
            waiting = ""
    return "".join(out)


def key_of(found: str) -> str:
    """Return the key of one sign."""
    if found == "्र":
        return "|"
    if found == "ि":
        return "l"
    if len(found) > 1 and found not in LIGATURES:
        return HALVES.get(found[0], LETTERS.get(found[0], "") + "\\")
    return LIGATURES.get(found) or LETTERS.get(found) or SIGNS.get(found) or found


def counted_names() -> Iterator[tuple[str, int]]:
    """Give public names in Devanagari and how many people carry each."""
    parts = json.loads((DATA / "name_frequencies.json").read_text(encoding="utf-8"))
    return ((name, count) for part in parts.values() for sex in part.values() for name, count in sex)


def test_nine_of_ten_single_words_in_preeti_are_found() -> None:
    """A whole name has two or three words, and a column thousands."""
    found = people = 0
    for name, count in counted_names():
        people += count
        found += count * is_legacy_font(clean(to_preeti(name)))
    assert found / people > 0.9


def test_nearly_every_full_name_in_preeti_is_found() -> None:
    """Two words together."""
    names = [name for name, _ in counted_names()]
    full = [f"{one} {other}" for one, other in zip(names[::2], names[1::2], strict=False)]
    assert sum(is_legacy_font(clean(to_preeti(name))) for name in full) / len(full) > 0.98


def test_no_romanised_name_is_refused() -> None:
    """None of those in the public lists."""
    assert [name for name, _ in counted_names() if is_legacy_font(latin_letters(name))] == []


@pytest.mark.parametrize("table", ["nepal", "neighbours"])
def test_no_place_is_refused(table: str) -> None:
    """Nor any place of the tables."""
    rows = csv.DictReader(read_data(f"places/{table}.csv").splitlines())
    assert [row["code"] for row in rows if is_legacy_font(row["name"])] == []


@pytest.mark.parametrize("name", ["O'Neil", "D'Souza", "K.C.", "Md. Ali", "Ram/Shyam", "Sita [Gita]", "Ram s/o Hari"])
def test_signs_that_names_do_have_are_spared(name: str) -> None:
    """Apostrophes, initials, brackets, relations."""
    assert not is_legacy_font(name)


def test_the_refusal_does_not_quote_the_text() -> None:
    """Even unreadable text is somebody's name."""
    with pytest.raises(UnreadableFieldError) as fault:
        refuse_legacy_font(";'lgtf")
    assert "lgtf" not in str(fault.value)
