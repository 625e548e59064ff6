"""Every page as it is shown, kept in docs/images/ui: light, dark, and on a phone. `--update` takes them anew.

Compared is what a glance sees, the picture at 48 by 48 greys: times, ids and fonts may differ, a page that lost its shape
or its colours may not.
"""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running import Running
from tests.ui.conftest import ROOT, Looking
from tests.ui.test_pages import PAGES, addresses, settle

IMAGES = ROOT / "docs" / "images" / "ui"
VIEWS = {"light": (1280, 860, False), "dark": (1280, 860, True), "phone": (390, 844, False)}
ALIKE = 3.0
"""Mean difference of two glances, of 255 greys."""
__all__ = ["addresses"]

_GLANCE = """async ([one, other]) => {
  const glance = async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: 48, height: 48 });
    const brush = canvas.getContext("2d");
    brush.filter = "grayscale(1)";
    brush.drawImage(image, 0, 0, 48, 48);
    return brush.getImageData(0, 0, 48, 48).data.filter((_, at) => at % 4 === 0);
  };
  const [a, b] = [await glance(one), await glance(other)];
  return a.reduce((sum, grey, at) => sum + Math.abs(grey - b[at]), 0) / a.length;
}"""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_as_it_did(
    person: Callable[..., Looking], ccr: Running, addresses: dict[str, str], name: str, update: bool
) -> None:
    for prompt in ("one", "two", "three"):
        ccr.ask(prompt)
    page = person(addresses[name])
    for view, (width, height, dark) in VIEWS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if dark else "light")
        settle(page)
        page.locator(".foot .state.good").wait_for(state="attached")
        page.wait_for_timeout(300)  # until the theme has been painted
        taken, kept = page.screenshot(), IMAGES / f"{name}-{view}.png"
        if update:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(taken)
        assert kept.exists(), f"no picture of this page is kept: pytest {Path(__file__).name} --update, and look at it"
        for again in range(5):  # a busy machine paints late
            both = [base64.b64encode(data).decode() for data in (taken, kept.read_bytes())]
            if (apart := page.evaluate(_GLANCE, both)) < ALIKE:
                break
            page.wait_for_timeout(300 * (again + 1))
            taken = page.screenshot()
        assert apart < ALIKE, f"{name} looks otherwise than {kept.name}"
