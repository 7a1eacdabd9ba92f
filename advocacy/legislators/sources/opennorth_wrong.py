"""What can be wrong in a list in the Open North form or in a sheet of genders, and what to do about it."""

from collections.abc import Mapping
from types import MappingProxyType

from advocacy.language import Wording

WRONG: Mapping[str, Wording] = MappingProxyType(
    {
        "encoding": Wording.of(
            en="the file is not UTF-8; save it as “CSV UTF-8”",
            fr="le fichier n’est pas en UTF-8; enregistrez-le en «\u00a0CSV UTF-8\u00a0»",
        ),
        "not_csv": Wording.of(
            en="the file is not CSV: {error}",
            fr="le fichier n’est pas un CSV bien formé; enregistrez-le de nouveau dans un tableur",
        ),
        "rows": Wording.of(
            en="the file has {rows} rows of people; 1 to {most} can be imported",
            fr="le fichier a {rows} lignes de personnes; il en faut au moins une, et {most} au plus",
        ),
        "surplus": Wording.of(
            en="{cells} cells where the header has {width}; put quotation marks around a cell that contains the "
            "separator",
            fr="{cells} cellules au lieu des {width} de l’en-tête; mettez entre guillemets une cellule qui contient le "
            "séparateur",
        ),
        "twice": Wording.of(
            en="this column is there twice; remove one", fr="cette colonne est là deux fois; enlevez-en une"
        ),
        "no_column": Wording.of(en="this column is missing", fr="cette colonne manque"),
        "long": Wording.of(en="longer than {longest} characters", fr="plus de {longest} caractères"),
        "unseen": Wording.of(
            en="contains a character that cannot be seen; type the cell again",
            fr="contient un caractère invisible; tapez la cellule de nouveau",
        ),
        "role": Wording.of(
            en="not a role known here; write one of: {roles}",
            fr="rôle inconnu ici; écrivez l’un de ceux-ci\u00a0: {roles}",
        ),
        "same": Wording.of(en="the same as in row {earlier}", fr="la même chose qu’à la ligne {earlier}"),
        "vacant": Wording.of(
            en="leave vacant seats out of this list", fr="n’inscrivez pas les sièges vacants dans cette liste"
        ),
        "no_name": Wording.of(en="the name is missing", fr="le nom manque"),
        "province": Wording.of(
            en="not a province or territory; write its two letters, such as ON",
            fr="ce n’est ni une province ni un territoire; écrivez-en les deux lettres, comme ON",
        ),
        "no_province": Wording.of(
            en="needed for this role; write its two letters, such as ON",
            fr="nécessaire pour ce rôle; écrivez les deux lettres de la province, comme ON",
        ),
        "code": Wording.of(
            en="not a federal riding’s code; it has five digits, such as 35079",
            fr="ce n’est pas le numéro d’une circonscription fédérale; il a cinq chiffres, comme 35079",
        ),
        "riding": Wording.of(
            en="no federal riding has this name; fix its spelling or give its District ID",
            fr="aucune circonscription fédérale ne porte ce nom; corrigez-le ou donnez le numéro de la circonscription",
        ),
        "two_ridings": Wording.of(
            en="another riding than the District ID gives",
            fr="une autre circonscription que celle du numéro",
        ),
        "no_riding": Wording.of(en="the riding is missing", fr="la circonscription manque"),
        "no_district": Wording.of(en="the district is missing", fr="la circonscription ou la municipalité manque"),
        "gender": Wording.of(
            en="write F or M, or leave it empty when it is not known",
            fr="écrivez F ou M, ou n’écrivez rien si on ne le sait pas",
        ),
        "no_source": Wording.of(
            en="write where the gender is stated: a page or a list",
            fr="écrivez où le genre est indiqué\u00a0: une page ou une liste",
        ),
        "nobody": Wording.of(
            en="nobody in the directory has this id", fr="personne n’a cet identifiant dans le répertoire"
        ),
        "email": Wording.of(
            en="not an e-mail address; correct it from the source, or leave it empty",
            fr="ce n’est pas une adresse courriel; corrigez-la d’après la source, ou n’écrivez rien",
        ),
    }
)
"""Each thing by its name; blanks in braces are filled with counts and with words known here, never with a cell."""
