"""Write Devanagari as the legacy font Preeti stores it, to measure how surely such text is found."""

import re
from collections.abc import Mapping


def _table(letters: str, keys: str) -> Mapping[str, str]:
    """Pair two rows of words."""
    return dict(zip(letters.split(), keys.split(), strict=True))


LETTERS = _table(
    "क ख ग घ ङ च छ ज झ ञ ट ठ ड ढ ण त थ द ध न प फ ब भ म य र ल व श ष स ह",
    "s v u 3 ª r 5 h em ` 6 7 8 9 0f t y b w g k km a e d o / n j z if ; x",
)
HALVES = _table(
    "क ख ग घ च ज ञ ण त थ ध न प ब भ म ल व श ष स",
    "S V U £ R H ~ 0 T Y W G K A E D N J Z i :",
)
SIGNS = _table(
    "ा ी ु ू े ै ो ौ ं ँ ृ अ आ इ ई उ ऊ ए ऐ ओ औ ्",
    "f L ' \" ] } f] f} + F [ c cf O O{ p pm P P] cf] cf} \\",
)
LIGATURES = _table("क्ष त्र ज्ञ श्र द्ध द्य ट्ट", "If q 1 > 4 B §")
_SIGN = re.compile("|".join([*LIGATURES, "र्(?=[क-ह])", "्र", "[क-ह]्(?=[क-ह])", "."]))
_SHORT_I = re.compile("((?:[क-ह]्)*[क-ह])ि")
_REPH = "{"


def to_preeti(text: str) -> str:
    """Return the keys a typist presses for a Devanagari text; a short i goes before its letter."""
    out: list[str] = []
    waiting = ""
    for found in _SIGN.findall(_SHORT_I.sub(r"ि\1", text)):
        if found == "र्":
            waiting = _REPH
            continue
        out.append(_key(found))
        if waiting and found[0] in LETTERS and len(found) == 1:
            out.append(waiting)
            waiting = ""
    return "".join(out)


def _key(found: str) -> str:
    """Return the key of one sign."""
    if found == "्र":
        return "|"
    if found == "ि":
        return "l"
    if len(found) > 1 and found not in LIGATURES:
        return HALVES.get(found[0], LETTERS.get(found[0], "") + "\\")
    return LIGATURES.get(found) or LETTERS.get(found) or SIGNS.get(found) or found
