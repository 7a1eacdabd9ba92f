"""What a citizen wrote themselves is measured: how much of the campaign's text is left, and whether texts are alike."""

from dataclasses import replace

from advocacy.campaigns.letter_text import Piece
from advocacy.letters.edited import with_edits
from advocacy.letters.letter import Kind, Letter, RenderedParagraph
from advocacy.letters.own_text import Measure, are_alike, measure, sketch_of
from tests.citizens import KEYS, written_to

STORY = (
    "Ma fille a huit ans et commence à se servir d’une tablette. Comme beaucoup de parents, j’ai montré des photos de "
    "vacances sans penser qu’elles pouvaient être volées, et cela m’inquiète chaque jour davantage depuis cet été."
)
OTHER = (
    "J’enseigne depuis vingt ans dans une école de campagne, et plusieurs de mes élèves ont reçu des demandes de gens "
    "qu’ils ne connaissaient pas; leurs familles n’ont trouvé de l’aide nulle part, ni auprès des sites ni ailleurs."
)


def as_shipped() -> Letter:
    """A letter without own words."""
    letter = written_to("mp-1")
    paragraphs = [paragraph for paragraph in letter.paragraphs if not any(map(letter.is_own, paragraph.pieces))]
    return replace(letter, paragraphs=tuple(paragraphs))


def edited(body: str, *, subject: str | None = None) -> Measure | None:
    composed = as_shipped()
    return measure(with_edits(composed, subject, body), composed, keys=KEYS)


def body_with(text: str) -> str:
    return f"{as_shipped().body}\n\n{text}"


def test_a_letter_as_composed_has_nothing_to_measure() -> None:
    composed = as_shipped()
    assert measure(composed, composed, keys=KEYS) is None
    assert measure(replace(composed, source_note=""), composed, keys=KEYS) is None


def test_a_letter_that_is_replaced_keeps_nothing_and_one_with_a_story_most() -> None:
    replaced, told = edited(STORY), edited(body_with(STORY))
    assert replaced is not None
    assert told is not None
    assert replaced.kept_percent == 0
    assert told.kept_percent is not None
    assert told.kept_percent > 50


def test_words_that_the_form_asked_for_count_as_kept_and_are_compared() -> None:
    shipped = as_shipped()
    story = RenderedParagraph(Kind.PARAGRAPH, (Piece("Voici pourquoi je vous écris : ", ""), Piece(STORY, "reason")))
    composed = replace(shipped, paragraphs=(*shipped.paragraphs, story))
    found = measure(composed, composed, keys=KEYS)
    assert found is not None
    assert found.kept_percent is None
    assert found.sketch
    added = measure(with_edits(composed, None, f"{composed.body}\n\n{OTHER}"), composed, keys=KEYS)
    assert added is not None
    assert added.kept_percent is not None
    assert added.kept_percent > 60


def test_a_changed_word_is_too_little_to_be_compared() -> None:
    body = as_shipped().body
    word = next(word for word in body.split() if len(word) > 8)
    found = edited(body.replace(word, "autrement", 1))
    assert found is not None
    assert found.sketch is None


def test_a_subject_of_ones_own_is_compared_even_where_it_is_all() -> None:
    one, other = (
        edited(as_shipped().body, subject=subject)
        for subject in ("Je viendrai chez vous ce soir", "Une loi pour nos enfants, vite")
    )
    assert one is not None
    assert one.sketch
    assert other is not None
    assert other.sketch
    assert not are_alike(one.sketch, other.sketch)


def test_texts_that_share_one_story_of_two_are_not_alike_and_one_with_some_words_changed_is() -> None:
    third = STORY.replace("fille", "nièce").split()[::-1]
    words = f"{STORY} {OTHER}".split()
    changed = " ".join("autrement" if place % 20 == 7 else word for place, word in enumerate(words))
    texts = (" ".join(words), changed, f"{OTHER} {' '.join(third)}")
    sketches = [found.sketch for found in (edited(body_with(text)) for text in texts) if found and found.sketch]
    assert len(sketches) == 3
    assert are_alike(sketches[0], sketches[1])
    assert not are_alike(sketches[0], sketches[2])


def test_a_sketch_gives_back_no_word_and_is_short() -> None:
    long = sketch_of([f"{number} mots ici" for number in range(500)], keys=KEYS)
    assert len(long) == 128
    assert b"mots" not in long
