"""Everything that the layout may read, from memory: fonts, drawings, the document's images."""

import base64
import binascii
import io
import warnings
from pathlib import Path

from PIL import Image

from exports.document import Asset, Document
from exports.problems import ExportError

HERE = Path(__file__).parent

SCHEME = "asset:"
IMAGE_TYPES = {"image/png": "PNG", "image/jpeg": "JPEG"}
_LARGEST_SIDE = 6000  # pixels; larger images cost seconds and show no more detail
_FONT_TYPE = "font/woff2"


def collect(
    document: Document, drawings: dict[str, str]
) -> dict[str, tuple[bytes, str]]:
    """Return the bytes and media type at each ``asset:`` address.

    Raises:
        ExportError: an image cannot be read.
    """
    found = {
        f"{SCHEME}{path.relative_to(HERE).as_posix()}": (path.read_bytes(), _FONT_TYPE)
        for path in (HERE / "fonts").rglob("*.woff2")
    }
    for name, drawing in drawings.items():
        found[f"{SCHEME}{name}"] = (drawing.encode(), "image/svg+xml")
    for asset in document.assets:
        address = addresses(document)[asset.name]
        found[address] = (_image(document, asset), asset.media_type)
    return found


def addresses(document: Document) -> dict[str, str]:
    """Return the address that each image's ``src`` stands for."""
    return {
        asset.name: f"{SCHEME}image/{number}"
        for number, asset in enumerate(document.assets, 1)
    }


def _image(document: Document, asset: Asset) -> bytes:
    try:
        content = base64.b64decode(asset.data, validate=True)
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(
                io.BytesIO(content), formats=[IMAGE_TYPES[asset.media_type]]
            ) as image:
                if max(image.size) > _LARGEST_SIDE:
                    raise _broken(
                        document,
                        asset,
                        f"is more than {_LARGEST_SIDE} pixels wide or high",
                    )
                image.load()
    except (
        KeyError,
        OSError,
        SyntaxError,
        ValueError,
        binascii.Error,
        Warning,
    ) as error:
        raise _broken(document, asset, "cannot be read") from error
    return content


def _broken(document: Document, asset: Asset, why: str) -> ExportError:
    place = next(
        (
            section.title
            for section in document.sections
            if asset.name in repr(section.blocks)
        ),
        None,
    )
    where = f"“{place}”" if place else "The report"
    return ExportError(
        "broken-image",
        f"{where} shows the image {asset.name!r}, which {why}.",
        section=place,
    )
