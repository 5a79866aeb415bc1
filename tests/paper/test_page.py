"""Pages: every flavour of file gives the same picture, and a damaged one gives an error."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
import tifffile
from PIL import Image

from logdigit.errors import ScanError
from logdigit.paper.page import open_pages, sha256
from logdigit.types import Page, UInt8

HEIGHT, WIDTH = 2300, 220


def picture() -> UInt8:
    """Bilevel rows and columns, a diagonal and some dust, so that no two bands are alike."""
    rng = np.random.default_rng(0)
    out = np.full((HEIGHT, WIDTH), 255, dtype=np.uint8)
    out[::25] = 0
    out[:, ::40] = 0
    out[rng.random(out.shape) < 0.03] = 0
    out[np.arange(HEIGHT), np.arange(HEIGHT) % WIDTH] = 0
    return out


GREY = picture()
RGB = np.stack([GREY, np.roll(GREY, 3, axis=1), np.full_like(GREY, 255)], axis=2)
IMAGE, COLOUR = Image.fromarray(GREY), Image.fromarray(RGB)


def whole(page: Page) -> UInt8:
    return page.read(0, page.height)


def only(path: Path) -> Page:
    (page,) = open_pages([path])
    return page


def _alpha(mode: str) -> Image.Image:
    ink = 255 - GREY
    return Image.fromarray(np.dstack([np.zeros_like(GREY)] * (1 if mode == "LA" else 3) + [ink]), mode)


def _palette_8bit(path: Path) -> None:
    """A palette whose 16-bit entries hold 8-bit values, as some scanner software writes them."""
    table = np.tile(np.arange(256, dtype=np.uint16), (3, 1))
    tifffile.imwrite(path, GREY, photometric="palette", colormap=table)


WRITERS: dict[str, Callable[[Path], object]] = {
    "g4.tif": lambda p: IMAGE.convert("1").save(p, compression="group4"),
    "g3.tif": lambda p: IMAGE.convert("1").save(p, compression="group3"),
    "packbits.tif": lambda p: IMAGE.convert("1").save(p, compression="packbits"),
    "lzw.tif": lambda p: IMAGE.save(p, compression="tiff_lzw"),
    "deflate.tif": lambda p: IMAGE.save(p, compression="tiff_adobe_deflate"),
    "single-strip.tif": lambda p: tifffile.imwrite(p, GREY, rowsperstrip=HEIGHT),
    "tiled.tif": lambda p: tifffile.imwrite(p, GREY, tile=(64, 64)),
    "big-endian.tif": lambda p: tifffile.imwrite(p, GREY, byteorder=">"),
    "bigtiff.tif": lambda p: tifffile.imwrite(p, GREY, bigtiff=True),
    "miniswhite.tif": lambda p: tifffile.imwrite(p, 255 - GREY, photometric="miniswhite"),
    "sixteen.tif": lambda p: tifffile.imwrite(p, GREY.astype(np.uint16) * 257),
    "equal-channels.tif": lambda p: tifffile.imwrite(p, np.dstack([GREY] * 3), photometric="rgb"),
    "palette-8-bit.tif": _palette_8bit,
    "alpha.png": lambda p: _alpha("RGBA").save(p),
    "grey-alpha.png": lambda p: _alpha("LA").save(p),
    "alpha.tif": lambda p: _alpha("RGBA").save(p),
    "grey.png": lambda p: IMAGE.save(p),
    "bilevel.png": lambda p: IMAGE.convert("1").save(p),
    "picture.gif": lambda p: IMAGE.save(p),
    "picture.bmp": lambda p: IMAGE.save(p),
    "wrong-suffix.jpg": lambda p: IMAGE.save(p, "PNG"),
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.filterwarnings("ignore:'mode' parameter is deprecated")
def test_grey_flavours_give_the_same_picture(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    WRITERS[name](path)
    got = whole(only(path))
    assert got.dtype == np.uint8
    np.testing.assert_array_equal(got, GREY)


@pytest.mark.parametrize("name", ["rgb.tif", "rgb.png", "palette.png", "planar.tif", "sixteen.tif"])
def test_colour_flavours_give_the_same_picture(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "planar.tif":
        tifffile.imwrite(path, np.moveaxis(RGB, 2, 0), photometric="rgb", planarconfig="separate")
    elif name == "sixteen.tif":
        tifffile.imwrite(path, RGB.astype(np.uint16) * 257, photometric="rgb")
    else:
        (COLOUR.quantize(8) if name == "palette.png" else COLOUR).save(path)
    np.testing.assert_array_equal(whole(only(path)), RGB)


@pytest.mark.parametrize("name", ["a.jpg", "jpeg.tif", "cmyk.tif"])
def test_lossy_flavours_come_close(tmp_path: Path, name: str) -> None:
    smooth = np.tile(np.linspace(20, 235, 256).astype(np.uint8)[:, None, None], (1, 64, 3))
    smooth[..., 2] //= 2
    image = Image.fromarray(smooth)
    if name == "cmyk.tif":
        image.convert("CMYK").save(tmp_path / name)
    else:
        image.save(tmp_path / name, **({"compression": "jpeg"} if name == "jpeg.tif" else {"quality": 95}))
    got = whole(only(tmp_path / name))
    assert got.shape == smooth.shape
    assert np.abs(got.astype(int) - smooth).mean() < (40 if name == "cmyk.tif" else 4)


def test_bands_in_any_order_are_rows_of_the_page(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    IMAGE.convert("1").save(path, compression="group4")
    page = only(path)
    for top, bottom in [(2000, 2300), (0, 10), (1020, 1030), (5, 2290), (1023, 1024), (2299, 2300)]:
        np.testing.assert_array_equal(page.read(top, bottom), GREY[top:bottom])
    for top, bottom in [(-1, 5), (5, 5), (0, HEIGHT + 1)]:
        with pytest.raises(ValueError, match="not inside"):
            page.read(top, bottom)


def test_what_is_read_may_be_written_to(tmp_path: Path) -> None:
    IMAGE.save(tmp_path / "a.png")
    page = only(tmp_path / "a.png")
    page.read(0, 50)[:] = 7
    np.testing.assert_array_equal(page.read(0, 50), GREY[:50])


def test_pages_of_all_files_in_order_without_thumbnails(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        file.write(GREY)
        file.write(GREY[::4, ::4], subfiletype=1)
        file.write(RGB[:100], photometric="rgb")
    IMAGE.save(tmp_path / "b.png")
    pages = open_pages([tmp_path / "a.tif", tmp_path / "b.png"])
    assert [(page.height, page.index) for page in pages] == [(HEIGHT, 0), (100, 2), (HEIGHT, 0)]
    np.testing.assert_array_equal(whole(pages[1]), RGB[:100])
    assert pages[2].source.endswith("b.png")


@pytest.mark.parametrize(
    ("resolution", "unit", "expected"),
    [
        ((200, 400), 2, (200.0, 400.0)),
        ((80, 80), 3, (203.2, 203.2)),
        ((200, 200), 1, None),
        ((1, 1), 2, None),
        ((72000, 72000), 2, None),
    ],
)
def test_tagged_resolution(
    tmp_path: Path, resolution: tuple[int, int], unit: int, expected: tuple[float, float] | None
) -> None:
    tifffile.imwrite(tmp_path / "a.tif", GREY, resolution=resolution, resolutionunit=unit)
    assert only(tmp_path / "a.tif").dpi == expected


def test_resolution_of_png_and_jpeg(tmp_path: Path) -> None:
    IMAGE.save(tmp_path / "a.png", dpi=(200, 200))
    IMAGE.save(tmp_path / "b.png")
    IMAGE.save(tmp_path / "a.jpg", dpi=(300, 300))
    IMAGE.save(tmp_path / "b.jpg")
    found = [only(tmp_path / name).dpi for name in ("a.png", "b.png", "a.jpg", "b.jpg")]
    assert found[0] == pytest.approx((200, 200), abs=0.01)
    assert found[1:] == [None, pytest.approx((300, 300)), None]


def test_a_turned_picture_is_read_upright(tmp_path: Path) -> None:
    image = Image.fromarray(RGB[:300])
    exif = image.getexif()
    exif[0x112] = 6
    image.save(tmp_path / "a.png", exif=exif)
    np.testing.assert_array_equal(whole(only(tmp_path / "a.png")), np.rot90(RGB[:300], -1))


def test_one_pixel_is_a_picture(tmp_path: Path) -> None:
    Image.new("L", (1, 1), 255).save(tmp_path / "a.tif")
    assert whole(only(tmp_path / "a.tif")).tolist() == [[255]]


def _cut(path: Path, share: float) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.999])
@pytest.mark.parametrize(
    "name", ["g4.tif", "lzw.tif", "tiled.tif", "grey.png", "a.jpg", "picture.bmp", "a.gif"]
)
def test_a_cut_file_is_an_error(
    tmp_path: Path, name: str, share: float, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    if name in WRITERS:
        WRITERS[name](path)
    else:
        COLOUR.save(path)
    _cut(path, share)
    with pytest.raises(ScanError) as caught:
        whole(only(path))
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == ""


def _directory_first(path: Path, compressed: bytes) -> None:
    """A Group 4 TIFF whose directory comes before its one strip, as many scanners write them."""
    entries = [
        (256, 4, WIDTH),
        (257, 4, HEIGHT),
        (258, 3, 1),
        (259, 3, 4),
        (262, 3, 1),
        (273, 4, 8 + 2 + 8 * 12 + 4),
        (278, 4, HEIGHT),
        (279, 4, len(compressed)),
    ]
    directory = struct.pack("<H", len(entries))
    for tag, kind, value in entries:
        directory += struct.pack("<HHI", tag, kind, 1) + struct.pack(
            "<I" if kind == 4 else "<HH", *((value,) if kind == 4 else (value, 0))
        )
    path.write_bytes(b"II*\0" + struct.pack("<I", 8) + directory + struct.pack("<I", 0) + compressed)


def _group4(tmp_path: Path) -> bytes:
    path = tmp_path / "whole.tif"
    IMAGE.convert("1").save(path, compression="group4", tiffinfo={278: HEIGHT})
    with tifffile.TiffFile(path) as file:
        page = file.pages[0].aspage()
        assert len(page.dataoffsets) == 1
        data = path.read_bytes()
        return data[page.dataoffsets[0] : page.dataoffsets[0] + page.databytecounts[0]]


def test_group_4_with_its_directory_first(tmp_path: Path) -> None:
    data, path = _group4(tmp_path), tmp_path / "a.tif"
    _directory_first(path, data)
    np.testing.assert_array_equal(whole(only(path)), GREY)
    _cut(path, 0.7)
    with pytest.raises(ScanError, match="truncated"):
        only(path)


@pytest.mark.parametrize("damage", ["short", "zeros", "flipped"])
def test_group_4_damaged_inside_its_strip(
    tmp_path: Path, damage: str, capfd: pytest.CaptureFixture[str]
) -> None:
    data, path = _group4(tmp_path), tmp_path / "a.tif"
    half = len(data) // 2
    spoilt = {
        "short": data[:half],
        "zeros": data[:half] + bytes(len(data) - half),
        "flipped": data[:half] + bytes(b ^ 0x5A for b in data[half : half + 40]) + data[half + 40 :],
    }[damage]
    _directory_first(path, spoilt)
    page = only(path)
    with pytest.raises(ScanError, match="truncated or damaged"):
        whole(page)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.tif", b"", "empty"),
        ("text.tif", b"~Version\nVERS. 2.0\n", "not an image"),
        ("a.csv", b"1,2,3\n4,5,6\n", "not an image"),
        ("magic.tif", b"II*\0", "TIFF"),
        ("loop.tif", b"II*\0\x08\0\0\0\0\0\x08\0\0\0", "TIFF"),
        ("magic.png", b"\x89PNG\r\n\x1a\n", "none of the image readers"),
        ("magic.jpg", b"\xff\xd8\xff\xe0", "none of the image readers"),
        ("a.pdf", b"%PDF-1.4\nnothing", "PDF"),
        ("magic.bmp", b"BM", "magic.bmp"),
    ],
)
def test_what_is_no_picture(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ScanError, match=words) as caught:
        only(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_directory_and_nothing(tmp_path: Path) -> None:
    with pytest.raises(ScanError, match="no such file"):
        only(tmp_path / "nowhere.tif")
    with pytest.raises(ScanError, match="is a directory"):
        only(tmp_path)
    with pytest.raises(ScanError, match="cannot be read"):
        only(tmp_path / "nul\0l.tif")
    with pytest.raises(ScanError, match="no scan files"):
        open_pages([])


def test_samples_that_are_no_grey_levels(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((50, 50), dtype=np.float32))
    with pytest.raises(ScanError, match="8-bit"):
        only(tmp_path / "a.tif")


def test_a_bomb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    Image.new("1", (60_000, 60_000), 1).save(tmp_path / "a.tif", compression="group4")
    with pytest.raises(ScanError, match=r"3,600,000,000 px, more than the limit of 1,000,000,000"):
        open_pages([tmp_path / "a.tif"], max_pixels=10**9)
    IMAGE.save(tmp_path / "b.png")
    with pytest.raises(ScanError, match="limit"):
        open_pages([tmp_path / "b.png"] * 3, max_pixels=2 * GREY.size)


def test_sha256(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256(tmp_path / "a").startswith("ba7816bf8f01cfea")
    with pytest.raises(ScanError, match="no such file"):
        sha256(tmp_path / "b")


def _pdf_of(path: Path, image: Image.Image, dpi: float, password: str | None = None) -> None:
    image.save(path, "PDF", resolution=dpi)


def test_a_pdf_that_wraps_a_scan_keeps_its_pixels(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    _pdf_of(path, IMAGE, 150.0)
    page = only(path)
    assert (page.height, page.width) == (HEIGHT, WIDTH)
    assert page.dpi == pytest.approx((150, 150), rel=0.01)
    got = whole(page)
    assert got.ndim == 2
    assert np.abs(got.astype(int) - GREY).mean() < 12  # PDF pictures are JPEG
    np.testing.assert_array_equal(page.read(700, 900), got[700:900])


def test_pdf_pages_are_pages_and_colour_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    COLOUR.save(path, "PDF", save_all=True, append_images=[IMAGE])
    pages = open_pages([path])
    assert [page.read(0, 10).ndim for page in pages] == [3, 2]
    assert [page.index for page in pages] == [0, 1]


def test_a_pdf_without_pages(tmp_path: Path) -> None:
    document = pdfium.PdfDocument.new()
    document.save(tmp_path / "a.pdf")
    document.close()
    with pytest.raises(ScanError, match="PDF"):
        only(tmp_path / "a.pdf")
