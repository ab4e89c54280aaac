"""``sct report`` in a headless browser: what is lit together, by mouse and by keyboard, with and without a script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sct_cli.main import main

from tests.browser import CHROMIUM, DRIVER, Browser, browser

pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="there is no chromium with a chromedriver here")
ROOT = Path(__file__).parent.parent
SCAN = """\
def f(x: float, n: int):
    s = 1.0
    for i in range(n):
        s = s * s * x
    return s
"""
#: Which lines are lit, by what they say.
LIT = """
return [...document.querySelectorAll('.line.lit')].filter(l => l.offsetParent)
    .map(l => l.id.split('-')[0] + ' ' + l.querySelector('code').textContent.trim());
"""


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("browser") / "profile") as found:
        found.size(1400, 1000)
        yield found


@pytest.fixture
def show(window: Browser, tmp_path: Path) -> Any:
    def show_(text: str, *options: str) -> Browser:
        (tmp_path / "f.py").write_text(text)
        assert main(["report", str(tmp_path / "f.py"), "-q", "-o", str(tmp_path / "out.html"), *options]) == 0
        window.open(tmp_path / "out.html")
        return window

    return show_


@pytest.fixture
def classic(show: Any) -> Browser:
    found: Browser = show((ROOT / "samples" / "function.py").read_text())
    return found


def test_a_source_line_lights_its_value_and_its_adjoints(classic: Browser):
    classic.hover("#s0-6")
    assert classic.run(LIT) == [
        "s0 w4 = sin(x1)",
        "r w4 = sin(x1)",
        "r # w4 = sin(x1)",
        "r x1_bar = cos(x1) * w5_bar",
    ]
    classic.hover("h1")
    assert classic.run(LIT) == []


def test_an_adjoint_lights_its_source(classic: Browser):
    line = classic.run("return [...document.querySelectorAll('.line')].find(l => /x2_bar = x1/.test(l.textContent)).id")
    classic.click(f"#{line}")
    lit = classic.run(LIT)
    assert lit[0] == "s0 w3 = x1 * x2" and "r x2_bar = x1 * w5_bar" in lit and len(lit) == 5
    classic.hover("h1")
    assert classic.run(LIT) == lit  # it is kept
    classic.click(f"#{line}")
    classic.hover("h1")
    assert classic.run(LIT) == []


def test_the_mode_is_chosen(classic: Browser):
    assert not classic.run("return document.querySelector('section.forward').offsetParent")
    classic.click("label[for=mode-forward]")
    assert classic.run("return document.querySelector('section.forward').offsetParent !== null")
    assert not classic.run("return document.querySelector('section.reverse').offsetParent")
    classic.hover("#s0-5")
    assert classic.run(LIT) == ["s0 w3 = x1 * x2", "f w3 = x1 * x2", "f dw3 = dx1 * x2 + x1 * dx2"]


def test_the_mode_of_the_command_is_shown_first(show: Any):
    page = show(SCAN, "--mode", "forward")
    assert page.run("return document.querySelector('section.forward').offsetParent !== null")


def test_the_keyboard_reaches_everything(classic: Browser):
    for _ in range(12):
        classic.press("tab")
        if classic.run("return document.activeElement.id").startswith("s0-"):
            break
    assert classic.run("return document.activeElement.id") == "s0-4"
    classic.press("down", "down")
    assert classic.run("return document.activeElement.id") == "s0-6"
    lit = classic.run(LIT)
    assert "r x1_bar = cos(x1) * w5_bar" in lit
    assert (
        classic.run("return document.querySelector('[role=status]').textContent")
        == "values: 1 lines, adjoints: 2 lines"
    )
    classic.press("enter", "up")
    assert classic.run(LIT) == lit
    classic.press("escape")
    assert classic.run(LIT) == []
    classic.press("tab")
    assert classic.run("return document.activeElement.id").startswith("r-")


def test_tape_traffic_is_marked(show: Any):
    page = show(SCAN)
    marks = page.run("return [...document.querySelectorAll('.reverse .mark')].map(m => m.textContent)")
    assert "→ s_tape" in marks and "← s_tape" in marks
    page.hover("#s0-4")
    hot = page.run("return [...document.querySelectorAll('.mark.hot')].map(m => m.textContent)")
    assert sorted(hot) == sorted(marks)


def test_the_graph_is_lit_with_its_line(classic: Browser):
    classic.hover("#s0-6")
    signs = "return [...document.querySelectorAll('.node.lit .sign')].map(t => t.textContent)"
    assert classic.run(signs) == ["sin", "sin"]


def test_hostile_sources_do_nothing(show: Any):
    page = show(
        "def f(x, s='</script><img src=x onerror=\"document.title=1\">'):\n"
        "    # </style><script>document.title = 2</script>\n    return x * x\n",
        "--wrt",
        "x",
    )
    assert page.run("return document.title") == "f.py"
    assert page.run("return document.images.length + document.scripts.length") == 1
    assert page.log() == []


def test_without_a_script_it_is_a_listing(classic: Browser, tmp_path: Path):
    mute = tmp_path / "mute.html"  # as a mail program shows it: none of its scripts may run
    policy = '<meta http-equiv="Content-Security-Policy" content="script-src \'none\'">'
    mute.write_text((tmp_path / "out.html").read_text().replace("<head>", f"<head>{policy}", 1))
    classic.open(mute)
    assert not classic.run("return document.documentElement.classList.contains('js')")
    assert "w5_bar" in classic.run("return document.querySelector('section.reverse').innerText")
    classic.click("label[for=mode-forward]")
    assert classic.run("return document.querySelector('section.forward').offsetParent !== null")
    classic.click("#f-8 .ref")
    assert classic.run("return location.hash") == "#s0-5"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1400])
def test_text_can_be_read(show: Any, window: Browser, scheme: str, width: int):
    """Every text has the contrast that WCAG asks for, and no page is wider than its window."""
    window.emulate(scheme)
    window.size(width, 900)
    try:
        page = show(SCAN)
        assert page.run("return document.documentElement.scrollWidth - innerWidth") <= 0
        page.hover("#s0-4")
        assert page.run(CONTRAST) == []
    finally:
        window.emulate("light")
        window.size(1400, 1000)


#: Texts whose contrast with what is behind them is less than 4.5, line numbers less than 3.
CONTRAST = """
const parse = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
const light = (c) => {
  const [r, g, b] = parse(c).map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (e) => {
  for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor;
    if (!/^rgba.*, 0\\)$/.test(c)) return c;
  }
  return getComputedStyle(document.body).backgroundColor;
};
const bad = [];
for (const e of document.querySelectorAll('code span, code, .no, .of a, .mark, p, h1, h2, h3, h4, td, th, label')) {
  if (!e.offsetParent || !e.textContent.trim()) continue;
  const pair = [light(getComputedStyle(e).color), light(behind(e))].sort((a, b) => a - b);
  const contrast = (pair[1] + 0.05) / (pair[0] + 0.05);
  if (contrast < (e.matches('.no') ? 3 : 4.5)) bad.push(e.textContent.slice(0, 30) + ' ' + contrast.toFixed(2));
}
return [...new Set(bad)];
"""
