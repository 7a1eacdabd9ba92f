"""A picture is known by its own header, and what it says of who took it and where does not stay in it."""

import struct
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from advocacy.campaigns.pictures import MAX_BYTES, MAX_SIDE, Picture, file_name, read_picture, read_pictures

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


def png_chunks(content: bytes) -> list[bytes]:
    """Return the kinds of a PNG's chunks."""
    kinds, at = [], 8
    while at < len(content):
        kinds.append(content[at + 4 : at + 8])
        at += 12 + int.from_bytes(content[at : at + 4])
    return kinds


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
    assert made.content.endswith(b"\xff\xd9")
    assert read(made.content) == made


def test_a_jpeg_in_colours_for_print_keeps_what_says_so_and_nothing_else_of_applications() -> None:
    file = BytesIO()
    Image.new("CMYK", (3, 2), (0, 80, 160, 240)).save(file, "JPEG")
    content = file.getvalue()
    last_of_applications = b"\xff\xef" + struct.pack(">H", 2 + len(WHERE)) + WHERE
    made = read(content[:2] + last_of_applications + content[2:])
    assert made == Picture("image/jpeg", content, 3, 2)


def test_a_png_keeps_its_colours_and_nothing_of_who_and_where() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Ada Roy")
    text.add_text("Place", "Rideau Canal", zip=True)
    text.add_itxt("Place", "Rideau Canal")
    text.add(b"tIME", struct.pack(">HBBBBB", 2026, 11, 3, 9, 30, 0))
    content = picture("PNG", pnginfo=text)
    made = read(content + b"after its end")
    assert {b"tEXt", b"zTXt", b"iTXt", b"tIME", b"eXIf"} < {*png_chunks(content)}
    assert png_chunks(made.content) == [b"IHDR", b"iCCP", b"IDAT", b"IEND"]
    assert (made.mimetype, made.width, made.height) == ("image/png", 40, 30)
    assert Image.open(BytesIO(made.content)).tobytes() == Image.open(BytesIO(content)).tobytes()
    assert read(made.content) == made


@pytest.mark.parametrize("lossless", [False, True])
def test_a_webp_keeps_its_colours_and_nothing_of_who_and_where(*, lossless: bool) -> None:
    content = picture("WEBP", lossless=lossless, xmp=b"Ada Roy")
    made = read(content)
    opened, before = Image.open(BytesIO(made.content)), Image.open(BytesIO(content))
    assert (made.mimetype, made.width, made.height) == ("image/webp", 40, 30)
    assert {"exif", "xmp"} < {*before.info}
    assert {"exif", "xmp", "icc_profile"} & {*opened.info} == {"icc_profile"}
    assert made.content[20] == content[20] & ~0b1100  # what its header says it has
    assert WHERE not in made.content
    assert b"Ada" not in made.content
    assert opened.tobytes() == before.tobytes()
    assert read(made.content) == made


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_is_cut_off_too_large_or_no_picture_is_none(kind: str) -> None:
    assert read_picture(picture(kind)[:20]) is None
    for side in (1, MAX_SIDE):
        assert read_picture(picture(kind, size=(side, 1)))
        assert read_picture(picture(kind, size=(1, side)))
    assert read_picture(picture(kind, size=(MAX_SIDE + 1, 1))) is None
    assert read_picture(picture(kind, size=(1, MAX_SIDE + 1))) is None
    assert read_picture(picture(kind).ljust(MAX_BYTES, b"\0"))
    assert read_picture(picture(kind).ljust(MAX_BYTES + 1, b"\0")) is None
    assert read_picture(b"<svg xmlns='http://www.w3.org/2000/svg'/>") is None


@pytest.mark.parametrize(
    ("kind", "sign"), [("PNG", b"PNG"), ("PNG", b"IHDR"), ("JPEG", b"\xff\xd8"), ("WEBP", b"RIFF"), ("WEBP", b"WEBP")]
)
def test_what_lacks_a_sign_of_its_kind_is_none(kind: str, sign: bytes) -> None:
    assert read_picture(picture(kind).replace(sign, sign.swapcase()[:-1] + b"x")) is None


def test_the_pictures_of_a_campaign_are_known_by_the_names_of_their_files() -> None:
    png, jpeg, webp = map(picture, ("PNG", "JPEG", "WEBP"))
    found = read_pictures(
        [("logo.png", png), ("sharing.jpg", jpeg), ("logo.webp", b"no picture"), ("other.webp", webp)]
    )
    assert found == {"logo": read(png), "sharing": read(jpeg)}
    assert [file_name(name, one) for name, one in found.items()] == ["logo.png", "sharing.jpg"]
    assert file_name("logo", read(webp)) == "logo.webp"


def test_a_picture_of_a_hundred_thousand_parts_is_read_at_once() -> None:
    """Each part costs the same however many there are; otherwise this would take minutes."""
    start = picture("WEBP", lossless=True)
    parts = (b"ABCD" + bytes(4)) * ((1_000_000 - len(start)) // 8)
    made = read(start + parts)
    assert len(parts) > 900_000
    assert made.content.endswith(parts)


def test_a_jpeg_is_taken_though_what_says_how_it_is_turned_cannot_be_read() -> None:
    content = picture("JPEG")
    at = content.index(b"Exif\0\0") + 10
    for broken in (struct.pack(">I", 2**31), struct.pack("<I", 2**31)):
        made = read(content[:at] + broken + content[at + 4 :])
        assert WHERE not in made.content
        assert dict(Image.open(BytesIO(made.content)).getexif()) == {}


def jpeg_with(exif: bytes) -> bytes:
    file = BytesIO()
    Image.new("RGB", (3, 2)).save(file, "JPEG", exif=b"Exif\0\0" + exif if exif else b"")
    return file.getvalue()


@pytest.mark.parametrize(("order", "mark"), [("<", b"II"), (">", b"MM")])
def test_how_a_jpeg_is_turned_is_read_in_either_order_of_bytes(order: str, mark: bytes) -> None:
    """It is turned in the ways 2 to 8; 1 is upright."""
    for turned in range(10):
        other = struct.pack(f"{order}HHIHH", ORIENTATION - 1, 3, 1, TURNED, 0)
        entry = struct.pack(f"{order}HHIHH", ORIENTATION, 3, 1, turned, 0)
        exif = mark + struct.pack(f"{order}HIH", 42, 8, 2) + other + entry + bytes(4)
        alone = b"MM" + struct.pack(">HIHHHIHHI", 42, 8, 1, ORIENTATION, 3, 1, turned, 0, 0)
        assert read(jpeg_with(exif)).content == jpeg_with(alone if 2 <= turned <= 8 else b"")
