"""What the families of the region share: one token to folded sound symbols, by tables; partner's side only."""

from collections.abc import Mapping
from functools import cache

from matcher.errors import UnreadableFieldError
from matcher.phonetics.devanagari import devanagari_symbols
from matcher.phonetics.latin import latin_letters
from matcher.phonetics.lexicon import forms
from matcher.phonetics.roman import roman_symbols
from matcher.phonetics.scripts import Script, canonical_token
from matcher.phonetics.symbols import fold_symbols
from matcher.phonetics.tibetan import tibetan_roman


def symbols_of(token: str, family: str) -> str:
    """
    Return the folded sound symbols of one token, abbreviations written out.

    Args:
        token: one word, as written.
        family: nepali or bengali.

    Raises:
        UnreadableFieldError: no letter of a known script is left.
    """
    script, letters = canonical_token(token)
    if script is Script.ARABIC:
        raise UnreadableFieldError("its script leaves out the short vowels", code="unsupported_script")
    known = forms(family, "abbreviation").get(letters)
    symbols = spoken(known, Script.LATIN, family) if known else spoken(letters, script, family)
    if not symbols:
        raise UnreadableFieldError("there is no letter in it", code="no_letters")
    return symbols


def spoken(letters: str, script: Script, family: str) -> str:
    """Fold one word in canonical letters, without the lexicon."""
    if script is Script.LATIN:
        return fold_symbols(roman_symbols(letters, family), family)
    if script is Script.TIBETAN:
        return fold_symbols(roman_symbols(tibetan_roman(letters), family), family)
    return fold_symbols(devanagari_symbols(letters, family), family)


@cache
def known_words(family: str) -> Mapping[str, str]:
    """Return the sound of the canonical form by the sound of each form of the lexicon."""
    pairs = forms(family, "same").items()
    return {spoken(form, Script.LATIN, family): spoken(name, Script.LATIN, family) for form, name in pairs}


def written_out(token: str, family: str) -> str:
    """
    Return a token in plain Latin letters, abbreviations written out.

    Args:
        token: one word, as written.
        family: nepali or bengali.

    Raises:
        UnreadableFieldError: no letter of a known script is left.
    """
    _, letters = canonical_token(token)
    return forms(family, "abbreviation").get(letters) or latin_letters(token)
