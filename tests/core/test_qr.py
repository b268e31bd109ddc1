"""QR codes are read back by another library than the one that made them: from paper, picture and page."""

from __future__ import annotations

import base64
import io
import re

import pypdf
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from ediary.core.pdf import html_to_pdf
from ediary.core.qr import qr_data_uri, qr_svg

TEXTS = [
    "https://dienynas.saulute.lt/accounts/slip#7K2M-Q4XR-9TBD",
    "otpauth://totp/ediary:rasa@Saulut%C4%97?secret=JBSWY3DPEHPK3PXP&issuer=ediary",
    "Ąžuolų g. 3, „Saulutė“ – ačiū",
    "1",
    "x" * 400,
]


def read(picture: Image.Image) -> str:
    [found] = zxingcpp.read_barcodes(picture.convert("L"))
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    text: str = found.text
    return text


@pytest.mark.parametrize("text", TEXTS)
def test_the_picture_says_what_it_was_given(text: str) -> None:
    head, _, body = qr_data_uri(text).partition(",")
    assert head == "data:image/png;base64"
    assert read(Image.open(io.BytesIO(base64.b64decode(body)))) == text


@pytest.mark.parametrize("text", TEXTS)
def test_it_is_drawn_on_paper_under_the_makers_policy(text: str) -> None:
    paper = html_to_pdf(f'<img src="{qr_data_uri(text)}" width="30mm" height="30mm">')
    [drawn] = pypdf.PdfReader(io.BytesIO(paper)).pages[0].images
    assert read(drawn.image) == text


def test_it_is_read_with_a_thumb_over_a_part_of_it() -> None:
    picture = Image.open(io.BytesIO(base64.b64decode(qr_data_uri(TEXTS[0]).partition(",")[2]))).convert("L")
    side = picture.width
    ImageDraw.Draw(picture).ellipse((side * 0.5, side * 0.55, side * 0.68, side * 0.73), fill=255)
    assert read(picture) == TEXTS[0]


def squares(drawing: str) -> Image.Image:
    """The drawing's lines as a picture: each „m x y“ and „h length“ of the path is a run of dark cells."""
    [side] = {int(number) for number in re.search(r'viewBox="0 0 (\d+) (\d+)"', drawing).groups()}  # type: ignore[union-attr]
    picture = Image.new("L", (side * 8, side * 8), 255)
    pen, x, y = ImageDraw.Draw(picture), 0.0, 0.0
    path = re.search(r'stroke="#000"[^>]* d="([^"]+)"|d="([^"]+)"[^>]*stroke="#000"', drawing)
    assert path is not None
    for letter, numbers in re.findall(r"([Mmh])([-0-9. ]+)", path[1] or path[2]):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if letter == "M":
            x, y = values
        elif letter == "m":
            x, y = x + values[0], y + values[1]
        else:
            pen.rectangle((x * 8, (y - 0.5) * 8, (x + values[0]) * 8 - 1, (y + 0.5) * 8 - 1), fill=0)
            x += values[0]
    return picture


@pytest.mark.parametrize("text", TEXTS)
def test_the_drawing_for_pages_says_the_same(text: str) -> None:
    assert read(squares(qr_svg(text, "QR"))) == text


def test_the_drawing_keeps_to_the_pages_rules() -> None:
    drawing = qr_svg("x", '</title><script>alert("1")</script>')
    assert "style=" not in drawing
    assert "<script" not in drawing
    assert drawing.startswith("<svg ")
    assert drawing.count("<svg") == 1


def test_an_enormous_text_is_refused_aloud() -> None:
    with pytest.raises(ValueError, match=r"(?i)data too large"):
        qr_data_uri("x" * 5_000)
