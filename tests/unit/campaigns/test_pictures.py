"""A picture is known by its own header, and what it says of who took it and where does not stay in it."""

import struct
import time
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from advocacy.campaigns.pictures import Picture, read_picture

GPS, ORIENTATION, ARTIST, TURNED = 0x8825, 0x0112, 0x013B, 6
WHERE = b"Rideau Canal"


def picture(kind: str, *, size: tuple[int, int] = (40, 30), **more: object) -> bytes:
    """Return a picture in colours, with what a telephone writes into it."""
    image = Image.effect_mandelbrot(size, (-2, -1, 1, 1), 20).convert("RGB")
    exif = Image.Exif()
    exif[ARTIST], exif[ORIENTATION] = "Ada Roy", TURNED
    exif[GPS] = {1: "N", 2: (45.0, 25.0, 15.0), 28: WHERE}
    file = BytesIO()
    image.save(file, kind, exif=exif, icc_profile=b"a profile of colours", **more)
    return file.getvalue()


def read(content: bytes) -> Picture:
    found = read_picture(content)
    assert found
    return found


def test_a_jpeg_keeps_how_it_is_turned_and_its_colours_and_nothing_of_who_and_where() -> None:
    content = picture("JPEG", progressive=True, comment=b"Ada Roy", xmp=b"<x>Rideau Canal</x>")
    made = read(content + picture("JPEG"))  # telephones put a second picture behind
    opened, before = Image.open(BytesIO(made.content)), Image.open(BytesIO(content))
    assert (made.mimetype, made.width, made.height) == ("image/jpeg", *before.size)
    assert WHERE in content
    assert WHERE not in made.content
    assert b"Ada" not in made.content
    assert dict(opened.getexif()) == {ORIENTATION: TURNED}
    assert opened.info["icc_profile"] == before.info["icc_profile"]
    assert opened.tobytes() == before.tobytes()
    assert read(made.content) == made


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_keep_their_colours_and_nothing_of_who_and_where(kind: str) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Ada Roy")
    content = picture(kind, **({"pnginfo": text} if kind == "PNG" else {"xmp": b"Ada Roy"}))
    made = read(content)
    opened, before = Image.open(BytesIO(made.content)), Image.open(BytesIO(content))
    assert (made.width, made.height) == before.size
    assert b"Ada" in content
    assert b"Ada" not in made.content
    assert WHERE not in made.content
    assert opened.tobytes() == before.tobytes()
    assert read(made.content) == made


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_is_cut_off_too_large_or_no_picture_is_none(kind: str) -> None:
    assert read_picture(picture(kind)[:20]) is None
    assert read_picture(picture(kind, size=(4001, 1))) is None
    assert read_picture(picture(kind) + bytes(1_000_000)) is None
    assert read_picture(b"<svg xmlns='http://www.w3.org/2000/svg'/>") is None


def test_a_picture_of_a_hundred_thousand_parts_is_read_at_once() -> None:
    """Each part costs the same however many there are: a hundred times the parts, not ten thousand times the time."""
    began, start = time.process_time(), picture("WEBP", lossless=True)
    parts = (b"ABCD" + bytes(4)) * ((1_000_000 - len(start)) // 8)
    made = read(start + parts)
    assert len(made.content) > 900_000
    assert time.process_time() - began < 2


def test_a_jpeg_is_taken_though_what_says_how_it_is_turned_cannot_be_read() -> None:
    content = picture("JPEG")
    at = content.index(b"Exif\0\0") + 10
    for broken in (struct.pack(">I", 2**31), struct.pack("<I", 2**31)):
        made = read(content[:at] + broken + content[at + 4 :])
        assert WHERE not in made.content
        assert dict(Image.open(BytesIO(made.content)).getexif()) == {}
