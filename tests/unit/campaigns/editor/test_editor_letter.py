"""A letter as its editor has it."""

from advocacy.campaigns.campaign_folder import TEXTS, CampaignFolder
from advocacy.campaigns.editor.editor_letter import letter_texts
from advocacy.language import Language


def test_a_text_is_read_whatever_its_bytes_and_one_that_is_missing_is_empty() -> None:
    content = b"\xef\xbb\xbf# Subject\r\n\r\nCaf\xe9."
    folder = CampaignFolder.of("small", {f"first/{TEXTS[Language.EN]}": content})
    assert letter_texts(folder, "first") == {Language.EN: "# Subject\n\nCaf\N{REPLACEMENT CHARACTER}.", Language.FR: ""}
