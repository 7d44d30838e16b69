"""
Who lives in a world: families with parents, siblings and twins, women married elsewhere, and homonyms.

People come as families because the pairs that deceive a linkage do: sisters share father, surname and home, a mother
shares her daughter's, and a stranger of the same name may live in the next village.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from benchmarks.data.worlds.births import heaped_birth
from benchmarks.data.worlds.chance import Chance, Weighted
from benchmarks.data.worlds.homes import Home, homes
from benchmarks.data.worlds.names import TITLES, name_pool

AGES_AS_OF = date(2018, 1, 1)  # the middle of the years of first encounters
AGES = Weighted({(5, 11): 0.1, (12, 17): 0.32, (18, 24): 0.32, (25, 34): 0.18, (35, 55): 0.08})  # assumed
FEMALE = 0.75  # as in casework
CHILDREN_ON_FILE = Weighted({1: 0.72, 2: 0.2, 3: 0.08})  # assumed
MOTHER_ON_FILE = 0.06
TWINS = 0.02  # of siblings on file: about 1 % of births are of twins, and two of one age are more often met together
TWINS_NAMED_ALIKE = 0.7  # assumed
NAMED_ALIKE = 0.3  # siblings such as Sunita and Sarita
HOMONYM = 0.03  # of families: the name and district of an earlier person once more
HAS_MIDDLE = {"F": 0.44, "M": 0.65}  # as in the lists behind the name counts
MARRIED_WOMEN, MARRIED_MEN = 0.55, 0.4
ADULT, MARRIED_FROM = 18, {"F": 18, "M": 22}
SAME_DISTRICT_MARRIAGE = 0.5
TITLE_SURNAME = 0.08  # of women: Devi, Kumari or Khatun stands as the last token
HUSBANDS_NAME = 0.55  # of married women; the others use the natal one
OWN_PHONE = 0.4
NO_CITIZENSHIP = 0.228  # of people over 16 (Forum for Women, Law and Development)


@dataclass(frozen=True, slots=True)
class FullName:
    """A name in Devanagari; `middle` may be empty."""

    given: str
    middle: str
    family: str


@dataclass(frozen=True, slots=True)
class Villager:
    """
    A person as she is.

    Attributes:
        family: number of the family she was born in; siblings share it.
        natal_surname: her father's; differs from `name.family` when she uses her husband's.
        spouse: None when not married.
        is_head: the mother of the family, who was born in another.
        citizenship_no: empty when she has no papers.
    """

    number: int
    family: int
    community: str
    sex: str
    name: FullName
    natal_surname: str
    married_surname: str
    father: FullName
    mother: FullName
    spouse: FullName | None
    born: date
    home: Home
    phone: str
    citizenship_no: str
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class _Household:
    """What the members of a family share."""

    number: int
    community: str
    father: FullName
    mother: FullName
    home: Home
    phone: str


class Settlement:
    """Brings families forth, one after another."""

    def __init__(self, chance: Chance) -> None:
        """Start empty."""
        self._chance = chance
        self._pool = name_pool()
        self._homes = homes()
        self._families = 0
        self._people = 0
        self._earlier: list[Villager] = []

    def next_family(self) -> list[Villager]:
        """Return the members of one more family who are known to some partner, at least one."""
        chance = self._chance
        model = chance.pick(self._earlier) if self._earlier and chance.happens(HOMONYM) else None
        household = self._household(model)
        eldest = self._child(household, self._birthday(*AGES.pick(chance)))
        if model is not None:
            eldest = replace(eldest, sex=model.sex, name=replace(model.name, family=household.father.family))
        members = [eldest]
        for _ in range(CHILDREN_ON_FILE.pick(chance) - 1):
            members.append(self._renamed(self._sibling(household, members[-1]), members))
        if chance.happens(MOTHER_ON_FILE):
            members.append(self._mother(household, eldest))
        members = [self._grown_up(member) for member in members]
        self._earlier.append(members[0])
        return members

    def _household(self, model: Villager | None) -> _Household:
        """Draw parents and home; those of a homonym's family follow the earlier person."""
        chance = self._chance
        surname, community = self._pool.family(chance)
        home = self._homes.draw(self._pool.communities[community], chance)
        if model is not None:
            surname, community = model.natal_surname, model.community
            home = self._homes.within(model.home.district, chance)
        self._families += 1
        father = FullName(self._given("M", community), self._middle("M", community), surname)
        mother = FullName(self._given("F", community), self._middle("F", community), surname)
        return _Household(self._families, community, father, mother, home, _phone(chance))

    def _child(self, household: _Household, born: date, name: str = "", sex: str = "") -> Villager:
        """Draw a child of the family, unmarried as yet."""
        chance = self._chance
        sex = sex or ("F" if chance.happens(FEMALE) else "M")
        given = name or self._given(sex, household.community)
        self._people += 1
        surname = household.father.family
        return Villager(
            number=self._people,
            family=household.number,
            community=household.community,
            sex=sex,
            name=FullName(given, self._middle(sex, household.community), surname),
            natal_surname=surname,
            married_surname="",
            father=household.father,
            mother=household.mother,
            spouse=None,
            born=heaped_birth(born, chance),
            home=household.home,
            phone=household.phone,
            citizenship_no="" if chance.happens(NO_CITIZENSHIP) else _citizenship(household.home, born, chance),
        )

    def _sibling(self, household: _Household, elder: Villager) -> Villager:
        """Draw the next child: perhaps a twin, perhaps named alike."""
        chance = self._chance
        if chance.happens(TWINS):
            twin = self._child(household, elder.born, sex=elder.sex)
            named = self._named_alike(twin, elder) if chance.happens(TWINS_NAMED_ALIKE) else twin
            return replace(named, born=elder.born)
        younger = self._child(household, elder.born + timedelta(days=chance.between(330, 2200)))
        return self._named_alike(younger, elder) if chance.happens(NAMED_ALIKE) else younger

    def _renamed(self, child: Villager, siblings: list[Villager]) -> Villager:
        """Name a child anew who would have a sibling's given name: nobody gives it twice."""
        taken = {each.name.given for each in siblings}
        while child.name.given in taken:
            given = self._given(child.sex, child.community)
            child = replace(child, name=replace(child.name, given=given))
        return child

    def _named_alike(self, child: Villager, elder: Villager) -> Villager:
        """Give a child of the elder's sex a name that sounds like the elder's, where there is one."""
        given = self._pool.given_like(elder.name.given, child.sex, self._chance) if child.sex == elder.sex else None
        return child if given is None else replace(child, name=replace(child.name, given=given))

    def _mother(self, household: _Household, child: Villager) -> Villager:
        """Make the mother a person on file: she lives with her children and was born elsewhere."""
        chance = self._chance
        natal = self._pool.surname_of(household.community, chance)
        self._families += 1
        parents = [FullName(self._given(sex, household.community), "", natal) for sex in ("M", "F")]
        born = child.born - timedelta(days=chance.between(17 * 365, 30 * 365))
        mother = self._child(household, born, sex="F")
        return replace(
            mother,
            family=self._families,
            name=household.mother,
            natal_surname=natal,
            married_surname=household.father.family,
            father=parents[0],
            mother=parents[1],
            spouse=household.father,
            is_head=True,
        )

    def _grown_up(self, person: Villager) -> Villager:
        """Marry some of the adults, give some a telephone of their own, and some women a title for a surname."""
        chance = self._chance
        age = (AGES_AS_OF - person.born).days // 365
        marries = MARRIED_WOMEN if person.sex == "F" else MARRIED_MEN
        if age >= ADULT and chance.happens(OWN_PHONE):
            person = replace(person, phone=_phone(chance))
        if not person.is_head and age >= MARRIED_FROM[person.sex] and chance.happens(marries):
            person = self._married(person)
        if person.sex == "F" and chance.happens(TITLE_SURNAME):
            title = TITLES.get(person.community, "कुमारी")
            person = replace(person, name=replace(person.name, middle="", family=title))
        return person

    def _married(self, person: Villager) -> Villager:
        """Marry a person within the community; a woman moves to her husband's home."""
        chance = self._chance
        other_sex = "M" if person.sex == "F" else "F"
        surname = self._pool.surname_of(person.community, chance)
        given, middle = self._given(other_sex, person.community), self._middle(other_sex, person.community)
        if person.sex == "M":
            return replace(person, spouse=FullName(given, middle, person.natal_surname))
        near = chance.happens(SAME_DISTRICT_MARRIAGE)
        community = self._pool.communities[person.community]
        home = self._homes.within(person.home.district, chance) if near else self._homes.draw(community, chance)
        used = surname if chance.happens(HUSBANDS_NAME) else person.natal_surname
        return replace(
            person,
            name=replace(person.name, family=used),
            married_surname=surname,
            spouse=FullName(given, middle, surname),
            home=home,
            phone=_phone(chance),
        )

    def _birthday(self, youngest: int, oldest: int) -> date:
        """Draw a day on which somebody of this age was born."""
        return AGES_AS_OF - timedelta(days=self._chance.between(youngest * 365, oldest * 365 + 364))

    def _given(self, sex: str, community: str) -> str:
        return self._pool.given(sex, community, self._chance)

    def _middle(self, sex: str, community: str) -> str:
        return self._pool.middle(sex, community, self._chance) if self._chance.happens(HAS_MIDDLE[sex]) else ""


def _phone(chance: Chance) -> str:
    """Draw a mobile number."""
    return f"98{chance.between(0, 6)}{chance.between(0, 9_999_999):07}"


def _citizenship(home: Home, born: date, chance: Chance) -> str:
    """Draw a citizenship number: district, office, Bikram year of issue, serial."""
    return f"{home.district}-01-{(born.year + 57 + 16) % 100:02}-{chance.between(0, 99_999):05}"
