"""
Write Tibetan names out in Latin letters as they are spoken in Nepal: Sonam, Dolma, Dorje; partner's side only.

A syllable is (prefix) stack (suffix): the prefix and the head of a stack are silent, letters below it change the
sound, and of the suffixes only those that are heard are written.
"""

import re
from collections.abc import Mapping

_TSHEG = re.compile("[\u0f0b\u0f0c\u0f0d\u0f0e ]+")
_SOUNDS: Mapping[str, str] = dict(
    zip(
        "ཀཁགངཅཆཇཉཏཐདནཔཕབམཙཚཛཝཞཟའཡརལཤསཧཨ",
        "k kh g ng ch chh j ny t th d n p ph b m ts tsh dz w zh z - y r l sh s h -".split(),  # noqa: SIM905 - a row
        strict=True,
    )
)
_SUBJOINED = {chr(ord(letter) + 0x50): sound for letter, sound in _SOUNDS.items()}
_VOWELS = {"ི": "i", "ུ": "u", "ེ": "e", "ོ": "o"}
_HEADS = frozenset("རལས")
_PREFIXES = frozenset("གདབམའ")
_HEARD_SUFFIXES = {"ང": "ng", "ན": "n", "མ": "m", "ར": "r", "ལ": "l", "བ": "p", "ག": "k"}
_FRONTING = frozenset("དནལས")  # suffixes that turn a to e
_YA, _RA, _LA, _HA, _WA = "ྱ", "ྲ", "ླ", "ྷ", "ྭ"
_BELOW = frozenset({_YA, _RA, _LA, _HA, _WA})
_WITH_YA = {"p": "ch", "ph": "chh", "b": "j", "m": "ny"}
_WITH_RA = {"k": "t", "t": "t", "p": "t", "kh": "th", "th": "th", "ph": "th", "g": "d", "d": "d", "b": "d"}


def tibetan_roman(token: str) -> str:
    """
    Return a Tibetan word in lower-case Latin letters; empty when no syllable is readable.

    Args:
        token: Tibetan letters, syllables parted by a tsheg.
    """
    syllables = [syllable for syllable in _TSHEG.split(token) if syllable]
    return "".join(_syllable(syllable, is_first=place == 0) for place, syllable in enumerate(syllables))


def _syllable(letters: str, *, is_first: bool) -> str:
    """Write one syllable out."""
    stacks = re.findall(r"[\u0f40-\u0f6c][\u0f90-\u0fbc]*[\u0f71-\u0f84]*", letters)
    if not stacks:
        return ""
    root = _root(stacks)
    vowel = next((_VOWELS[sign] for sign in stacks[root] if sign in _VOWELS), "a")
    after = stacks[root + 1][0] if root + 1 < len(stacks) else ""
    if any(sign in _VOWELS for stack in stacks[root + 1 :] for sign in stack):
        vowel += next(_VOWELS[sign] for stack in stacks[root + 1 :] for sign in stack if sign in _VOWELS)
    if vowel == "a" and after in _FRONTING:
        vowel = "e"
    sound = _stack_sound(stacks[root])
    if sound == "b" and len(stacks[root]) == 1 and (not is_first or stacks[:root] == ["ད"]):
        sound = "w"
    head = "r" if not is_first and stacks[root][0] == "ར" and sound != "r" else ""
    return head + sound + vowel + _HEARD_SUFFIXES.get(after, "")


def _root(stacks: list[str]) -> int:
    """Find the stack that is spoken: the one with something on it, else by the number of letters."""
    marked = [place for place, stack in enumerate(stacks) if len(stack) > 1 and stack[0] != "འ"]
    if marked:
        return marked[0]
    has_prefix = stacks[0] in _PREFIXES and len(stacks) > len(("root", "suffix"))
    return 1 if has_prefix else 0


def _stack_sound(stack: str) -> str:
    """Write the consonant of a stack: a silent head goes, what stands below changes it."""
    head, below = stack[0], [sign for sign in stack[1:] if sign in _SUBJOINED]
    sound = _SOUNDS.get(head, "")
    if head in _HEADS and below and below[0] not in _BELOW:
        sound = _SUBJOINED[below.pop(0)]
    if _LA in below:
        return "d" if sound == "z" else "l"
    if _HA in below:
        return f"{sound}h"
    if _YA in below:
        return _WITH_YA.get(sound, f"{sound}y")
    if _RA in below:
        return _WITH_RA.get(sound, sound)
    return sound.strip("-")
