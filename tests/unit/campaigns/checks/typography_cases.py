"""Texts as they are typed, and as each language sets their signs: for the rules in Python and those in the browser."""

from advocacy.language import Language

N = "\u00a0"
CASES = {
    Language.FR: [
        ("C'est 95% des gens", f"C’est 95{N}% des gens"),
        ("Été: oui", f"Été{N}: oui"),
        ("à 14:30, ou 3 :1", f"à 14:30, ou 3{N}:1"),
        ("5 $ et 12 €", f"5{N}$ et 12{N}€"),
        ('Il a dit "oui" hier.', f"Il a dit «{N}oui{N}» hier."),
        ("Il a dit “oui” hier.", f"Il a dit «{N}oui{N}» hier."),
        ("«Oui»", f"«{N}Oui{N}»"),
        (f"«{N}Il a dit “oui”{N}»", f"«{N}Il a dit “oui”{N}»"),
        ("Vraiment ? Oui ! Bon ;", "Vraiment? Oui! Bon;"),
        ("un\u202fmot  deux...", f"un{N}mot deux…"),
        ("[62 % · oui] : {{ survey.title }}%", f"[62 % · oui]{N}: {{{{ survey.title }}}}{N}%"),
        ("Voir https://example.ca/d'ici: oui", "Voir https://example.ca/d'ici: oui"),
        ("L’été « là » est bien", f"L’été «{N}là{N}» est bien"),
    ],
    Language.EN: [
        ("It's 95 % of us", "It’s 95% of us"),
        ("Why ? So : now", "Why? So: now"),
        ('She said "yes" then', "She said “yes” then"),
        ('"Élan" too', "“Élan” too"),
        ("« Yes »", "“Yes”"),
        ("One  gap...", "One gap…"),
        ("[it's] : don't", "[it's]: don’t"),
        ("{{ reason }} it's", "{{ reason }} it’s"),
        ("An ʘ stays, isn't it", "An ʘ stays, isn't it"),
    ],
}
