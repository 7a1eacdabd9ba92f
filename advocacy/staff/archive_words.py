"""Why an archive is refused, in sentences that say what to do."""

import unicodedata

from advocacy.language import Language, Wording, speak_number

NO_ZIP = Wording.of(
    en="This is not a zip archive that can be read. Make it again, as an ordinary zip.",
    fr="Ce fichier n’est pas une archive zip lisible. Refaites-la, en zip ordinaire.",
)
TOO_LARGE = Wording.of(
    en="The archive is larger than 5\u00a0MB. A campaign is text and much smaller: remove everything else.",
    fr="L’archive dépasse 5\u00a0Mo. Une campagne est faite de texte et reste bien plus petite\u00a0: "
    "retirez tout le reste.",
)
TOO_MANY = Wording.of(
    en="The archive contains more than 200 files and folders. Export fewer campaigns at once.",
    fr="L’archive contient plus de 200 fichiers et dossiers. Exportez moins de campagnes à la fois.",
)
TOO_MUCH = Wording.of(
    en="Unpacked, the archive is more than a campaign can be: 2\u00a0MB in all, 256\u00a0KB for “{name}” alone.",
    fr="Une fois ouverte, l’archive dépasse ce que peut contenir une campagne\u00a0: 2\u00a0Mo en tout, "
    "256\u00a0Ko pour «\u00a0{name}\u00a0» seul.",
)
A_BOMB = Wording.of(
    en="“{name}” becomes more than a hundred times larger when it is unpacked. No letter does that.",
    fr="«\u00a0{name}\u00a0» devient plus de cent fois plus grand une fois ouvert. Aucune lettre ne fait cela.",
)
LOCKED = Wording.of(
    en="The archive is protected by a password. Make it again without one.",
    fr="L’archive est protégée par un mot de passe. Refaites-la sans mot de passe.",
)
A_LINK = Wording.of(
    en="“{name}” is a link or a device, not a file. Put the file itself into the archive.",
    fr="«\u00a0{name}\u00a0» est un lien ou un périphérique, pas un fichier. Mettez le fichier lui-même.",
)
A_PATH = Wording.of(
    en="“{name}” is outside the archive’s folder, or its name has characters that are not allowed here.",
    fr="«\u00a0{name}\u00a0» sort du dossier de l’archive, ou son nom contient des caractères non permis ici.",
)
TWICE = Wording.of(
    en="“{name}” is in the archive twice. Keep one of the two.",
    fr="«\u00a0{name}\u00a0» se trouve deux fois dans l’archive. Gardez un seul des deux.",
)
UNKNOWN = Wording.of(
    en="“{name}” is not a file of a campaign. A campaign is a folder with campaign.toml, findings.toml, safety.toml if "
    "it needs one, and a folder for each letter with letter.toml, en.md and fr.md.",
    fr="«\u00a0{name}\u00a0» n’est pas un fichier de campagne. Une campagne est un dossier qui contient campaign.toml, "
    "findings.toml, au besoin safety.toml et, pour chaque lettre, un dossier avec letter.toml, en.md et fr.md.",
)
NOT_TEXT = Wording.of(
    en="“{name}” is not text in UTF-8. Save it as UTF-8.",
    fr="«\u00a0{name}\u00a0» n’est pas du texte en UTF-8. Enregistrez-le en UTF-8.",
)
EMPTY = Wording.of(en="There is no campaign in this archive.", fr="Cette archive ne contient aucune campagne.")
TOO_LONG = Wording.of(
    en="“{name}” has more characters than any letter or campaign needs: {most} at most.",
    fr="«\u00a0{name}\u00a0» compte plus de caractères qu’il n’en faut à une lettre ou à une campagne\u00a0: "
    "{most} au plus.",
)
TOO_LONG_IN_ALL = Wording.of(
    en="The files have more than {most} characters together. Export fewer campaigns at once.",
    fr="Les fichiers comptent ensemble plus de {most} caractères. Exportez moins de campagnes à la fois.",
)
NO_LETTER = Wording.of(
    en="“{name}” has more than {lines} lines, or more than {figures} numbers. No letter does.",
    fr="«\u00a0{name}\u00a0» compte plus de {lines} lignes ou plus de {figures} nombres. Aucune lettre n’en a autant.",
)
TOO_DEEP = Wording.of(
    en="“{name}” has names nested too deep. Write it flatter, as “Export” gives it.",
    fr="«\u00a0{name}\u00a0» contient des noms imbriqués trop profondément. Écrivez-le plus à plat, comme le donne "
    "«\u00a0Exporter\u00a0».",
)


class BadArchive(ValueError):
    """An archive that is refused whole; `wording` says why and what to do."""

    def __init__(self, wording: Wording, name: str = "", **numbers: int) -> None:
        self.wording = Wording(
            {
                language.value: text.format(
                    name=_shown(name), **{key: speak_number(one, language) for key, one in numbers.items()}
                )
                for language, text in wording.items()
            }
        )
        super().__init__(self.wording.spoken(Language.EN))


def _shown(name: str) -> str:
    """Give a name as a sentence can show it: a stranger's, and perhaps made to mislead."""
    plain = "".join(sign if unicodedata.category(sign)[0] not in "CZ" or sign == " " else "\ufffd" for sign in name)
    return plain if len(plain) <= 80 else f"{plain[:79]}…"
