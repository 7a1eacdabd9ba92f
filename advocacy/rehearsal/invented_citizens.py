"""Invented citizens: names that nobody has to have, real postal codes with their ridings, reasons that differ.

Their addresses are under example.com, which is reserved (RFC 2606, 3); their networks are reserved too, for carriers
(RFC 6598) and for documentation (RFC 3849).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from advocacy.campaigns.fields import SAMPLE_OF_KIND, SEPARATOR, Field, FieldKind
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.language import SOURCE, Language
from advocacy.legislators.directory_snapshot import Audience
from advocacy.legislators.models import Legislator, sits_for_riding
from advocacy.legislators.postal_codes import PostalCode, PostalTable, shipped_towns
from advocacy.legislators.recipient import CABINET

FIRST_NAMES = (
    *(
        "Alice",
        "Benoit",
        "Camille",
        "Daniel",
        "Élodie",
        "Farid",
        "Gabrielle",
        "Hugo",
        "Imane",
        "Jonas",
        "Karine",
        "Liam",
    ),
    *("Maude", "Noah", "Océane", "Priya", "Quentin", "Rosalie", "Samuel", "Thi", "Ursule", "Victor", "Wanda", "Xavier"),
    *("Yasmine", "Zoé", "Aiyana", "Boris", "Chloé", "Dmitri"),
)
LAST_NAMES = (
    *("Arbour", "Belleau", "Castonguay", "Doiron", "Ellsworth", "Fairweather", "Gosselin", "Haliburton", "Ibarra"),
    *("Jolicoeur", "Kowalczyk", "Lamontagne", "MacIsaac", "Nakamura", "O’Leary", "Pellerin", "Quesnel", "Robitaille"),
    *("Sandhu", "Tootoosis", "Underhill", "Vaillancourt", "Whitecap", "Xu", "Yellowhorn", "Zwicker", "Anctil"),
    *("Brisebois", "Cheung", "Desrosiers"),
)
REASONS: Mapping[Language, tuple[Sequence[str], Sequence[str], Sequence[str]]] = {
    Language.EN: (
        (
            "I live in %(town)s and I have followed this question since last winter.",
            "In %(town)s we talk about this more often than you might think.",
            "I am writing from %(town)s because nobody I know has had an answer yet.",
            "My neighbours in %(town)s asked me whether anybody in Ottawa reads such letters.",
            "For twenty years I have lived in %(town)s, and I have rarely written to anyone in politics.",
            "I grew up in %(town)s, and I still see every week the people whom this touches.",
            "This came up at a kitchen table in %(town)s, and it has stayed with me since.",
            "I run a small shop in %(town)s, and customers raise this without being asked.",
            "I retired to %(town)s, and I have the time to read what is proposed.",
        ),
        (
            "What troubles me is how long people wait before anything happens.",
            "Those who need help are passed from one office to the next.",
            "A friend tried every door there is, and each one led back to the first.",
            "I used to believe that somebody was looking after it.",
            "At work we have no rule to point to, so everyone makes up their own.",
            "My sister no longer tells anyone about it, because nothing came of it the last time.",
            "The people who could act at once have no reason to hurry.",
            "Everyone agrees in conversation, and then nothing changes.",
            "I do not expect a perfect law, but I do expect a start.",
        ),
        (
            "I would like to know what you mean to do about it, and by when.",
            "Please say in the House what you would say to us at home.",
            "If you disagree, I would honestly like to read why.",
            "A short answer would already tell me that somebody read this.",
            "I hope that you will raise it with your colleagues before the summer.",
            "It would mean a great deal to my family to see it settled.",
            "I will tell my neighbours what you answer, whatever it is.",
            "Please do not let this wait for another election.",
            "You have my trust in this, and I will watch what comes of it.",
        ),
    ),
    Language.FR: (
        (
            "J’habite à %(town)s et je suis cette question depuis l’hiver dernier.",
            "À %(town)s, on en parle plus souvent qu’on ne le pense.",
            "Je vous écris de %(town)s parce que personne autour de moi n’a encore eu de réponse.",
            "Des gens de %(town)s m’ont demandé si quelqu’un lisait ce genre de lettres à Ottawa.",
            "Voilà vingt ans que je vis à %(town)s, et j’ai rarement écrit à quelqu’un en politique.",
            "J’ai grandi à %(town)s et je vois encore chaque semaine des personnes que cela touche.",
            "La question est venue autour d’une table, à %(town)s, et elle ne m’a plus quitté l’esprit.",
            "Je tiens un petit commerce à %(town)s; la clientèle en parle sans qu’on le lui demande.",
            "J’ai pris ma retraite à %(town)s et j’ai le temps de lire ce qui est proposé.",
        ),
        (
            "Ce qui me préoccupe, c’est le temps que l’on attend avant qu’il se passe quelque chose.",
            "Les personnes qui ont besoin d’aide sont renvoyées d’un bureau à l’autre.",
            "Une amie a frappé à toutes les portes, et chacune la ramenait à la première.",
            "Longtemps, j’ai cru que quelqu’un s’en occupait.",
            "Au travail, aucune règle ne nous guide, alors chacun invente la sienne.",
            "Ma sœur n’en parle plus à personne, puisque cela n’a rien donné la dernière fois.",
            "Ceux qui pourraient agir tout de suite n’ont aucune raison de se presser.",
            "Tout le monde est d’accord en conversation, puis rien ne change.",
            "Je n’attends pas une loi parfaite, mais j’attends un début.",
        ),
        (
            "J’aimerais savoir ce que vous comptez faire, et d’ici quand.",
            "Dites à la Chambre ce que vous nous diriez chez nous.",
            "Si vous êtes d’un autre avis, j’aimerais vraiment lire pourquoi.",
            "Une courte réponse me montrerait déjà que quelqu’un lit ces lettres.",
            "J’espère que vous en parlerez à vos collègues avant l’été.",
            "Ma famille serait soulagée de voir la question réglée.",
            "Je dirai à mon voisinage ce que vous répondrez, quoi que ce soit.",
            "De grâce, que cela n’attende pas une autre élection.",
            "Je vous fais confiance là-dessus, et je suivrai la suite.",
        ),
    ),
}
WITH_FIGURE: Mapping[Language, str] = {
    Language.EN: "I read that %d percent of us agree.",
    Language.FR: "J’ai lu que %d % d’entre nous sont d’accord.",
}
WITH_LINK: Mapping[Language, str] = {
    Language.EN: "See https://example.com/story for more.",
    Language.FR: "Voir https://example.com/recit.",
}
FRENCH_SHARE = {"QC": 0.85, "NB": 0.3, "ON": 0.06}
"""How many write in French, by province; elsewhere few do."""
OWN_WORDS_SHARE, OTHERS_SHARE, SHORT_SHARE = 0.8, 0.15, 0.2
"""How many write words of their own, to somebody else than their member, and a short letter."""
IPV6_SHARE = 0.3
FIGURE_SHARE, LINK_SHARE = 0.02, 0.02
"""How many add a figure, which the pages ask about, or a link, which they refuse."""


class Slip(StrEnum):
    """What a citizen does that the pages answer with a question or a refusal."""

    NONE = ""
    FIGURE = "figure"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Home:
    """A place to live: a postal code, the riding among its ridings, its town and province."""

    postal_code: PostalCode
    riding: str
    town: str
    province: str


@dataclass(frozen=True, slots=True)
class InventedCitizen:
    """Somebody who does not exist: the form as they fill it in, `words_field` with words of their own."""

    language: Language
    recipient: Legislator
    network: str
    fields: Mapping[str, str]
    slip: Slip = Slip.NONE
    words_field: str = ""


class Population:
    """Draws citizens, the same ones for the same seed. `people` are all who can be written to."""

    def __init__(
        self,
        random: Random,
        table: PostalTable,
        *,
        people: Sequence[Legislator],
        audience: Audience,
        riding_names: Mapping[str, str],
    ) -> None:
        self._random, self._table, self._riding_names = random, table, riding_names
        self._audience = audience
        self._members: dict[str, list[Legislator]] = {}
        for row in people:
            if row.riding_code and sits_for_riding(row) and not row.campaign:
                self._members.setdefault(row.riding_code, []).append(row)
        self._people = [
            row for row in people if audience.includes(row) and (row.office in CABINET or not sits_for_riding(row))
        ]
        self._areas = table.areas
        self._weights = [table.count_codes(area) for area in self._areas]  # roughly as many as live there

    def citizens(self, letters: Sequence[LetterTemplate], short: LetterTemplate | None) -> Iterator[InventedCitizen]:
        """Yield citizens without end, who choose among these letters; none where there is nobody to write to."""
        number = 0
        while True:
            home = self._home()
            recipient = self._recipient(home)
            if recipient is None:
                if not self._people:
                    return
                continue
            number += 1
            takes_short = short is not None and self._random.random() < SHORT_SHARE
            template = short if takes_short and short else self._random.choice(letters)
            yield self._citizen(number, home, recipient, template=template, is_short=takes_short)

    def _home(self) -> Home:
        while True:
            [area] = self._random.choices(self._areas, self._weights)
            code = self._random.choice(self._table.codes_of_area(area))
            riding = self._random.choice(self._table.ridings_of(code))
            if riding in self._riding_names:
                break
        towns = shipped_towns().get(area, {}).get(riding, ())
        town = self._random.choice(towns).name if towns else self._riding_names[riding].split("—")[0]
        members = self._members.get(riding, ())
        return Home(code, riding, town, next((row.province or "" for row in members), ""))

    def _recipient(self, home: Home) -> Legislator | None:
        own = [row for row in self._members.get(home.riding, ()) if self._audience.includes(row, (home.riding,))]
        others = [row for row in self._people if row.province in {None, "", home.province} or row.riding_code]
        if own and (not others or self._random.random() >= OTHERS_SHARE):
            return own[0]
        return self._random.choice(others) if others else None

    def _citizen(
        self, number: int, home: Home, recipient: Legislator, *, template: LetterTemplate, is_short: bool
    ) -> InventedCitizen:
        draw = self._random.random
        language = Language.FR if draw() < FRENCH_SHARE.get(home.province, 0.02) else Language.EN
        first, last = self._random.choice(FIRST_NAMES), self._random.choice(LAST_NAMES)
        letter = template.path.rpartition("/")[2]
        fields = {
            "postal_code": str(home.postal_code),
            "riding": home.riding,
            # As a page that has looked the postal code up already, with the recipient chosen on it.
            "looked_up": f"{home.postal_code}|{home.riding}|{home.province}".rstrip("|"),
            "recipient": recipient.id,
            "template": letter,
            "language": language.value,
            "name": f"{first} {last}",
            "city": home.town,
            "province": home.province or SAMPLE_OF_KIND[FieldKind.PROVINCE],
            "email": f"citizen.{number}@example.com",
        }
        if is_short:
            fields["length"] = template.letter.length.value
        words, slip = "", Slip.NONE
        for field in template.fields:
            fields[field.key] = self._answer(field, home, language)
            if field.kind is FieldKind.WORDS and fields[field.key]:
                words = words or field.key
        if words:
            chance = draw()
            slip = Slip.LINK if chance < LINK_SHARE else Slip.FIGURE if chance < LINK_SHARE + FIGURE_SHARE else slip
            if slip is Slip.FIGURE:
                fields[words] += " " + WITH_FIGURE.get(language, WITH_FIGURE[SOURCE]).replace(
                    "%d", str(self._random.randint(3, 99))
                )
        return InventedCitizen(language, recipient, self._network(number), fields, slip, words)

    def _answer(self, field: Field, home: Home, language: Language) -> str:
        if field.kind is FieldKind.WORDS:
            if not field.required and self._random.random() >= OWN_WORDS_SHARE:
                return ""
            words = " ".join(map(self._random.choice, REASONS.get(language, REASONS[SOURCE]))).replace(
                "%(town)s", home.town
            )
            return words[: field.max_characters]
        if field.kind is FieldKind.CHOICE:
            return self._random.choice(["", *(one.key for one in field.options)][field.required :])
        if field.kind is FieldKind.STATEMENTS:
            ticked = self._random.sample(
                field.offered, self._random.randint(0, min(field.max_ticks, len(field.offered)))
            )
            return SEPARATOR.join(one.key for one in ticked)
        sample = SAMPLE_OF_KIND.get(field.kind)
        return sample or self._random.choice(LAST_NAMES)

    def _network(self, number: int) -> str:
        """Return an address in a network of its own: three in ten have IPv6."""
        if self._random.random() < IPV6_SHARE:
            return f"2001:db8:{number % 65536:x}::1"
        return f"100.{64 + number // 256 % 64}.{number % 256}.{1 + number // 16384 % 254}"
