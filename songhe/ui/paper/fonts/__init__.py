"""The letters a page uses, cut from the vendored Noto Sans SC and put into the page itself.

A Chinese font weighs megabytes and a page uses some six hundred of its letters: what is embedded is about 100 kB a
weight, and the page looks the same on machines that have no Chinese font at all.
"""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from importlib.resources import files

WEIGHTS = (400, 600)
FAMILY = "Noto Sans SC"


def font_faces(text: str) -> str:
    """The `@font-face` rules with the letters of `text`, both weights; letters the font lacks are left to the reader.

    The same letters give the same bytes.
    """
    letters = tuple(sorted(set(map(ord, text))))
    return "".join(
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};font-display:block;'
        f"src:url(data:font/woff;base64,{_cut(weight, letters)})format('woff')}}\n"
        for weight in WEIGHTS
    )


@lru_cache(maxsize=8)
def _cut(weight: int, letters: tuple[int, ...]) -> str:
    from fontTools import subset  # half a second to import, and only a report needs it
    from fontTools.ttLib import TTFont

    source = files(__name__).joinpath(f"noto-sans-sc-chinese-simplified-{weight}-normal.woff").read_bytes()
    font = TTFont(io.BytesIO(source), lazy=True, recalcTimestamp=False)
    options = subset.Options(hinting=False, layout_features=["kern"], name_IDs=[0, 13, 14], notdef_outline=True)
    options.drop_tables += ["vhea", "vmtx", "GDEF", "STAT", "BASE"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    font.flavor = "woff"
    target = io.BytesIO()
    font.save(target)
    return base64.b64encode(target.getvalue()).decode()
