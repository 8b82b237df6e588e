"""Invented people, companies, numbers and addresses of five countries. Ids carry valid check digits."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stdnum.cz import dic as cz_dic
from stdnum.it import codicefiscale
from stdnum.lt.asmens import calc_check_digit as lithuanian_digit  # type: ignore[attr-defined]
from stdnum.luhn import calc_check_digit as luhn_digit
from stdnum.ro import cui


@dataclass(frozen=True)
class Country:
    code: str
    language: str
    currency: str
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    """A surname with "|" gives the woman's form after it."""
    companies: tuple[str, ...]
    employers: tuple[str, ...]
    streets: tuple[str, ...]
    cities: tuple[tuple[str, str, str], ...]
    """Name, postal code, region."""
    street_format: str
    mobile: str
    """Digits, "#" for any digit."""
    landline: str


COUNTRIES = {
    "MD": Country(
        "MD", "ro", "MDL",
        ("Ana", "Maria", "Elena", "Natalia", "Tatiana", "Doina", "Cristina", "Aliona", "Ludmila", "Veronica", "Svetlana"),
        ("Ion", "Vasile", "Andrei", "Mihai", "Sergiu", "Nicolae", "Victor", "Dumitru", "Gheorghe", "Igor", "Vadim"),
        ("Rusu", "Ceban", "Munteanu", "Ciobanu", "Țurcanu", "Rotaru", "Cojocaru", "Lungu", "Popa", "Balan", "Ursu",
         "Sandu", "Moraru", "Gușan", "Botnari", "Vîrlan", "Guțu", "Cazacu", "Bostan", "Melnic"),
        ("Agro Codru", "Lumina Sud", "Vinăria Veche", "Transport Nistru", "Panificația Nouă"),
        ("Școala nr. 7", "Fabrica de confecții", "Spitalul raional", "Depoul de troleibuze", "Piața centrală"),
        ("Strada Florilor", "Strada Izvor", "Bulevardul Unirii", "Strada Viilor", "Strada Mitropolit", "Strada Teilor"),
        (("Chișinău", "MD-2001", "Chișinău"), ("Bălți", "MD-3100", "Bălți"), ("Cahul", "MD-3900", "Cahul"),
         ("Orhei", "MD-3500", "Orhei"), ("Ungheni", "MD-3600", "Ungheni"), ("Soroca", "MD-3000", "Soroca")),
        "{street} {no}", "+3736#######", "+37322######",
    ),
    "RO": Country(
        "RO", "ro", "RON",
        ("Ioana", "Andreea", "Elena", "Mihaela", "Gabriela", "Simona", "Roxana", "Alina", "Carmen", "Daniela"),
        ("Andrei", "Alexandru", "Bogdan", "Cristian", "Florin", "Marius", "Radu", "Ștefan", "Dan", "Ciprian"),
        ("Popescu", "Ionescu", "Dumitru", "Stoica", "Gheorghiu", "Matei", "Constantin", "Șerban", "Văcărescu",
         "Diaconu", "Țepeș", "Neagu", "Dobre", "Barbu", "Enache", "Oprea", "Lazăr", "Tănase", "Ene", "Mocanu"),
        ("Construct Argeș", "Moara Veche", "Electro Bega", "Mobila Carpați", "Textil Someș"),
        ("Uzina de piese auto", "Primăria comunei", "Magazinul general", "Depozitul de lemn", "Liceul economic"),
        ("Strada Libertății", "Strada Morii", "Bulevardul Republicii", "Strada Salcâmilor", "Aleea Castanilor"),
        (("București", "010011", "București"), ("Timișoara", "300001", "Timiș"), ("Iași", "700001", "Iași"),
         ("Cluj-Napoca", "400001", "Cluj"), ("Craiova", "200001", "Dolj"), ("Brașov", "500001", "Brașov")),
        "{street} nr. {no}", "+4072#######", "+4021#######",
    ),
    "IT": Country(
        "IT", "it", "EUR",
        ("Giulia", "Francesca", "Chiara", "Sara", "Paola", "Elisa", "Martina", "Laura", "Valentina", "Silvia"),
        ("Marco", "Luca", "Andrea", "Matteo", "Paolo", "Giorgio", "Stefano", "Davide", "Antonio", "Salvatore"),
        ("Rossi", "Bianchi", "Ferrari", "Esposito", "Romano", "Colombo", "Ricci", "Marino", "Greco", "Bruno",
         "Gallo", "Conti", "De Luca", "Mancini", "Costa", "Giordano", "Rizzo", "Lombardi", "Moretti", "Barbieri"),
        ("Officina Adda", "Trattoria del Ponte", "Edil Brenta", "Tessitura Lario", "Frutta & Co"),
        ("Comune", "Cooperativa di servizi", "Supermercato di zona", "Azienda agricola", "Scuola media"),
        ("Via Garibaldi", "Via Mazzini", "Corso Italia", "Via Verdi", "Via dei Mille", "Viale Europa"),
        (("Milano", "20121", "MI"), ("Torino", "10121", "TO"), ("Bologna", "40121", "BO"), ("Napoli", "80121", "NA"),
         ("Verona", "37121", "VR"), ("Bari", "70121", "BA")),
        "{street} {no}", "+3934########", "+3902########",
    ),
    "CZ": Country(
        "CZ", "cs", "CZK",
        ("Jana", "Eva", "Hana", "Lenka", "Petra", "Kateřina", "Lucie", "Věra", "Markéta", "Alena"),
        ("Jan", "Petr", "Jiří", "Tomáš", "Pavel", "Martin", "Jaroslav", "Miroslav", "Lukáš", "Zdeněk"),
        ("Novák|Nováková", "Svoboda|Svobodová", "Dvořák|Dvořáková", "Černý|Černá", "Procházka|Procházková",
         "Kučera|Kučerová", "Veselý|Veselá", "Horák|Horáková", "Němec|Němcová", "Pokorný|Pokorná",
         "Marek|Marková", "Jelínek|Jelínková", "Růžička|Růžičková", "Beneš|Benešová", "Fiala|Fialová"),
        ("Pila Šumava", "Autodílna Sázava", "Pekárna Haná", "Stavby Polabí", "Zahrady Morava"),
        ("Městský úřad", "Strojírna", "Nemocnice", "Sklad potravin", "Základní škola"),
        ("Lipová", "Zahradní", "Nádražní", "Školní", "Polní", "Krátká"),
        (("Praha", "110 00", "Praha"), ("Brno", "602 00", "Jihomoravský"), ("Ostrava", "702 00", "Moravskoslezský"),
         ("Plzeň", "301 00", "Plzeňský"), ("Olomouc", "779 00", "Olomoucký"), ("Liberec", "460 01", "Liberecký")),
        "{street} {no}", "+420602######", "+42022#######",
    ),
    "LT": Country(
        "LT", "lt", "EUR",
        ("Rasa", "Jūratė", "Daiva", "Eglė", "Ingrida", "Živilė", "Lina", "Rūta", "Asta", "Vilma"),
        ("Jonas", "Tomas", "Mindaugas", "Darius", "Vytautas", "Andrius", "Gintaras", "Žygimantas", "Šarūnas", "Paulius"),
        ("Kazlauskas|Kazlauskienė", "Petrauskas|Petrauskaitė", "Jankauskas|Jankauskienė", "Žukauskas|Žukauskaitė",
         "Stankevičius|Stankevičienė", "Butkus|Butkutė", "Paulauskas|Paulauskienė", "Urbonas|Urbonaitė",
         "Navickas|Navickienė", "Ramanauskas|Ramanauskaitė", "Šimkus|Šimkutė", "Čepas|Čepienė"),
        ("Nemuno baldai", "Dzūkijos uogos", "Pajūrio žuvis", "Aukštaitijos linai", "Neries statyba"),
        ("Savivaldybė", "Baldų fabrikas", "Ligoninė", "Prekybos centras", "Gimnazija"),
        ("Liepų g.", "Sodų g.", "Vilniaus g.", "Ąžuolų g.", "Pušyno g.", "Šaltinių g."),
        (("Vilnius", "01001", "Vilniaus"), ("Kaunas", "44001", "Kauno"), ("Klaipėda", "91001", "Klaipėdos"),
         ("Šiauliai", "76001", "Šiaulių"), ("Panevėžys", "35001", "Panevėžio"), ("Alytus", "62001", "Alytaus")),
        "{street} {no}", "+3706#######", "+37052######",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """An invented debtor: everything a creditor's file may say about one."""

    first: str
    last: str
    woman: bool
    born_on: date
    national_id: str
    is_company: bool
    company: str
    street: str
    city: str
    postal_code: str
    region: str
    mobile: str
    landline: str
    email: str
    employer: str

    @property
    def name(self) -> str:
        return self.company if self.is_company else f"{self.first} {self.last}"

    @property
    def address(self) -> str:
        return f"{self.street}, {self.postal_code} {self.city}"


def _digits(pattern: str, random: Random) -> str:
    return "".join(str(random.randrange(10)) if c == "#" else c for c in pattern)


def _moldovan_digit(digits: str) -> str:
    return str(sum(int(d) * (7, 3, 1)[i % 3] for i, d in enumerate(digits)) % 10)


def _romanian_digit(digits: str) -> str:
    rest = sum(int(d) * int(w) for d, w in zip(digits, "279146358279", strict=True)) % 11
    return str(1 if rest == 10 else rest)


def _letters(name: str, *, first_name: bool) -> str:
    plain = [c for c in name.upper() if c.isalpha()]
    consonants = [c for c in plain if c not in "AEIOU"]
    if first_name and len(consonants) > 3:
        consonants = [consonants[0], consonants[2], consonants[3]]
    vowels = [c for c in plain if c in "AEIOU"]
    return "".join((consonants + vowels + ["X"] * 3)[:3])


def _italian_id(first: str, last: str, woman: bool, born: date, random: Random) -> str:
    town = random.choice(("F205", "L219", "A944", "F839", "L781", "A662"))
    head = _letters(last, first_name=False) + _letters(first, first_name=True)
    head += f"{born.year % 100:02d}{'ABCDEHLMPRST'[born.month - 1]}{born.day + (40 if woman else 0):02d}{town}"
    return head + str(codicefiscale.calc_check_digit(head))


def _czech_id(woman: bool, born: date, random: Random) -> str:
    while True:
        head = f"{born.year % 100:02d}{born.month + (50 if woman else 0):02d}{born.day:02d}{random.randrange(1000):03d}"
        rest = int(head) % 11
        if rest != 10:
            return head + str(rest)


def person_id(country: str, *, first: str, last: str, woman: bool, born: date, random: Random) -> str:
    """A national id of the country with a valid check digit that agrees with birth and sex where the id tells them."""
    if country == "MD":
        head = f"2{born.year % 1000:03d}{random.randrange(10**8):08d}"
        return head + _moldovan_digit(head)
    if country == "RO":
        century = 5 if born.year >= 2000 else 1
        head = f"{century + woman}{born:%y%m%d}{random.randrange(1, 40):02d}{random.randrange(1, 999):03d}"
        return head + _romanian_digit(head)
    if country == "IT":
        return _italian_id(first, last, woman, born, random)
    if country == "CZ":
        return _czech_id(woman, born, random)
    century = 5 if born.year >= 2000 else 3
    head = f"{century + woman}{born:%y%m%d}{random.randrange(1, 999):03d}"
    return head + str(lithuanian_digit(head + "0"))


def company_id(country: str, random: Random) -> str:
    """A company's registration number with a valid check digit (LT has none that is published)."""
    if country == "MD":
        head = f"1{random.randrange(3, 20):03d}6{random.randrange(10**7):07d}"
        return head + _moldovan_digit(head)
    if country == "RO":
        head = str(random.randrange(1_000_000, 9_999_999))
        return head + str(cui.calc_check_digit(head))
    if country == "IT":
        head = f"{random.randrange(10**7):07d}{random.choice((15, 10, 12)):03d}"
        return head + str(luhn_digit(head))
    if country == "CZ":
        head = str(random.randrange(1_000_000, 9_999_999))
        return head + str(cz_dic.calc_check_digit_legal(head))
    return f"30{random.randrange(10**7):07d}"


def invent(country_code: str, random: Random, *, today: date, companies: float = 0.06) -> Person:
    """Invent one person, or with the given share a company, of the country."""
    country = COUNTRIES[country_code]
    woman = random.random() < 0.48
    first = random.choice(country.women if woman else country.men)
    surname = random.choice(country.surnames).split("|")
    last = surname[-1] if woman else surname[0]
    born = today - timedelta(days=random.randrange(21 * 365, 74 * 365))
    is_company = random.random() < companies
    city, postal_code, region = random.choices(country.cities, weights=range(len(country.cities) * 2, 0, -2))[0]
    street = country.street_format.format(street=random.choice(country.streets), no=random.randrange(1, 140))
    handle = "".join(c for c in f"{first}.{last}".lower() if c.isascii() and (c.isalnum() or c == "."))
    return Person(
        first=first, last=last, woman=woman, born_on=born, is_company=is_company,
        national_id=company_id(country_code, random)
        if is_company
        else person_id(country_code, first=first, last=last, woman=woman, born=born, random=random),
        company=f"{random.choice(country.companies)} {random.randrange(1, 400)}" if is_company else "",
        street=street, city=city, postal_code=postal_code, region=region,
        mobile=_digits(country.mobile, random), landline=_digits(country.landline, random),
        email=f"{handle}{random.randrange(10, 99)}@example.test" if random.random() < 0.6 else "",
        employer=random.choice(country.employers) if not is_company and random.random() < 0.55 else "",
    )  # fmt: skip
