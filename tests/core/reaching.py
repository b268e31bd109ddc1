"""What the PDF maker reaches while it draws hostile papers, told by the interpreter itself (audit events).

Run in a process of its own, because such an ear can never be taken off again: `python -m tests.core.reaching FOLDER`.
In FOLDER lie secret.png and secret.css. Prints JSON: for each paper what came of it, and what was reached that is
neither the fonts' package nor the program's own code.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from ediary.core import pdf
from ediary.core.qr import qr_data_uri

CLOSED = "127.0.0.1:9"  # nothing listens there; the attempt alone would be seen


def papers(folder: Path, fonts: Path) -> Iterator[tuple[str, str]]:
    """(name, HTML) of each way out that HTML, CSS, SVG and the maker's own tags know."""
    secret, sheet = folder / "secret.png", folder / "secret.css"
    relative = os.path.relpath(secret, fonts)
    addresses = {
        "a path": secret,
        "a path upwards": relative,
        "file:": f"file://{secret}",
        "file: of a host": f"file://localhost{secret}",
        "FiLe:": f"FiLe://{secret}",
        "an escaped path": f"file://{str(secret).replace('secret', '%73ecret')}",
        "http": f"http://{CLOSED}/x.png",
        "https": f"https://{CLOSED}/x.png",
        "no scheme": f"//{CLOSED}/x.png",
        "UNC": rf"\\{CLOSED}\share\x.png",
        "UNC, slashes": f"file://///{CLOSED}/share/x.png",
        "ftp": f"ftp://{CLOSED}/x.png",
        "metadata": "http://169.254.169.254/latest/meta-data/",
        "a name": "http://secret.invalid/x.png",
        "a link among the fonts": "link.png",
    }
    for kind, address in addresses.items():
        yield f"<img>, {kind}", f'<img src="{address}">'
        yield f"url(), {kind}", f'<style>p {{ background-image: url("{address}") }}</style><p>x</p>'
        yield f"url() of the page, {kind}", f'<style>@page {{ background-image: url("{address}") }}</style><p>x</p>'
        yield f"@import url(), {kind}", f'<style>@import url("{address}");</style><p>x</p>'
        yield f"<link>, {kind}", f'<link rel="stylesheet" type="text/css" href="{address}"><p>x</p>'
        yield f"@font-face, {kind}", f'<style>@font-face {{ font-family: b; src: url("{address}") }}</style><p>x</p>'
        yield f"<pdf:font>, {kind}", f'<pdf:font name="b" src="{address}"><p>x</p>'
        yield f"<pdf:insertpdf>, {kind}", f'<p>x</p><pdf:insertpdf src="{address}"><p>x</p>'
        yield f"<image> in SVG, {kind}", svg(f'<image xlink:href="{address}" width="9" height="9"/>')
        yield f"<use> in SVG, {kind}", svg(f'<use xlink:href="{address}#x"/>')
    yield "@import of a sheet", f'<style>@import "{sheet}";</style><p>x</p>'
    yield "<link> to a sheet", f'<link rel="stylesheet" href="{sheet}"><p>x</p>'
    yield "an entity in SVG", svg("<text>&x;</text>", f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file://{sheet}">]>')
    yield "a DTD of SVG", svg("<text>x</text>", f'<!DOCTYPE svg SYSTEM "http://{CLOSED}/x.dtd">')
    yield "a sheet in SVG", svg(f'<style>@import url("{sheet}"); rect {{ fill: url("{secret}") }}</style><rect/>')
    yield "<base>", f'<base href="file://{folder}/"><img src="secret.png">'
    yield "<object>", f'<object data="{secret}"></object><p>x</p>'
    yield "<iframe>", f'<iframe src="{secret}"></iframe><p>x</p>'
    yield "<embed>", f'<embed src="{secret}"><p>x</p>'
    yield "<svg>", f'<svg width="9" height="9"><image href="{secret}" width="9" height="9"/></svg><p>x</p>'
    yield "<input>", f'<p><input type="image" src="{secret}">x</p>'
    yield "<script>", f'<script src="http://{CLOSED}/x.js">fetch("http://{CLOSED}")</script><p>x</p>'
    yield "<meta>", f'<meta http-equiv="refresh" content="0; url=http://{CLOSED}/"><p>x</p>'
    yield "<pdf:template>", f'<pdf:template name="t" background="{secret}"></pdf:template><p>x</p>'
    yield "<pdf:include>", f'<pdf:include src="{sheet}"><p>x</p>'
    yield "<pdf:sign>", f'<pdf:sign name="a" src="{secret}"><p>x</p>'
    yield "-pdf-background", f'<style>@page {{ -pdf-page-background: url("{secret}") }}</style><p>x</p>'
    yield "list-style", f'<ul style="list-style-image: url({secret})"><li>x</li></ul>'


def svg(body: str, before: str = "") -> str:
    """A drawing inside the paper, which may be all it takes to be asked for files by another library."""
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    drawn = f'{before}<svg {names} width="9" height="9">{body}</svg>'
    return f'<img width="9" height="9" src="data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}">'


class Ear:
    """Hears every file opened, every address looked up, every process started."""

    HEARD = ("open", "socket.", "urllib.", "http.", "ftplib.", "os.system", "os.exec", "os.spawn", "subprocess.")

    def __init__(self) -> None:
        self.listening = False
        self.heard: set[str] = set()
        sys.addaudithook(self.hear)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.listening and event.startswith(self.HEARD):
            self.heard.add(f"{event} {arguments[0] if event == 'open' else arguments}")

    def foreign(self, allowed: tuple[str, ...]) -> list[str]:
        return sorted(one for one in self.heard if not one.removeprefix("open ").startswith(allowed))


def main(folder: Path) -> None:
    fonts = folder / "fonts"
    shutil.copytree(pdf.FONTS, fonts)
    (fonts / "link.png").symlink_to(folder / "secret.png")
    pdf.POLICY = ResourceAccessPolicy.server(fonts, allow_remote=False)
    font = f'@font-face {{ font-family: "LTprose"; src: url("{fonts / pdf.REGULAR.name}"); }}'
    head = f'<style>{font} html, head, title, body {{ font-family: "LTprose"; }}</style>'
    picture = f'<img src="{qr_data_uri("x")}">'
    pdf.html_to_pdf(head + picture + svg("<rect/>"))  # what is read once, as kinds of files by their names
    ear, found = Ear(), {}
    own = (str(fonts) + os.sep, sys.prefix + os.sep, sys.base_prefix + os.sep)
    for name, html in papers(folder, fonts):
        ear.heard.clear()
        ear.listening = True
        try:
            came = "drawn" if pdf.html_to_pdf(head + html).startswith(b"%PDF") else "nothing"
        except Exception as error:  # whatever comes is told; what was reached is what matters
            came = type(error).__name__
        ear.listening = False
        found[name] = {"came": came, "reached": ear.foreign(own)}
    # the ear is not deaf: with a policy that lets all through, the same papers reach what they ask for
    for name in ("<img>, a path", "<img>, http", "@import of a sheet"):
        ear.heard.clear()
        ear.listening = True
        permissive = ResourceAccessPolicy(allow_private_networks=True, allow_local_outside_base=True)
        pisa.CreatePDF(head + dict(papers(folder, fonts))[name], dest=BytesIO(), resource_policy=permissive)
        ear.listening = False
        found[f"let through: {name}"] = {"came": "", "reached": ear.foreign(own)}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
