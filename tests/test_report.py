"""``sct report``: the page as a file. `test_report_browser` looks at it as a browser does."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sct.frontend.read import read_text
from sct.page.evaluate import evaluate
from sct.page.graph import Graph, graphs
from sct.page.layout import layout
from sct.page.listing import escape
from sct.texts import Choice, Target, file_name, transformed
from tests.test_cli import FUNCTION, Run, run, write  # noqa: F401

REFUSALS = Path(__file__).parent / "golden" / "refusals"


class Page(HTMLParser):
    """Collects the elements of a page and holds it to be well-formed."""

    VOID = ("meta", "input", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag == name]


def page(run: Run, tmp_path: Path, text: str, *options: str) -> str:  # noqa: F811
    write(tmp_path / "f.py", text)
    found = run("report", "f.py", *options)
    assert found.returncode == 0, found.stderr
    return found.stdout


def first_graph(text: str) -> Graph:
    made = transformed([Target(read_text(text))], Choice(mode="reverse"), file_name)
    body = made.logs[-1].made[-1].body
    assert body is not None
    return graphs(body)[0]


def test_the_page_needs_nothing_else(run: Run, tmp_path: Path):  # noqa: F811
    found = Page(page(run, tmp_path, FUNCTION))
    for tag, attributes in found.elements:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "form")
        for name, value in attributes.items():
            assert not name.startswith("on") and name != "style" and name != "src", (tag, name)
            assert name != "href" or (value or "").startswith("#"), (tag, value)
    (policy,) = [m["content"] for m in found.named("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policy and policy.startswith("default-src 'none'")
    ids = [a["id"] for _, a in found.elements if "id" in a]
    assert len(ids) == len(set(ids))
    for link in found.named("a"):
        assert (link["href"] or "")[1:] in ids


def test_lines_are_linked(run: Run, tmp_path: Path):  # noqa: F811
    found = Page(page(run, tmp_path, FUNCTION))
    by_id = {a["id"]: a for a in found.named("div") if a.get("id")}
    assert by_id["s0-5"]["data-g"] == "s0-5"
    made = {i: a["class"] for i, a in by_id.items() if i and a.get("data-g") == "s0-5" and not i.startswith("s")}
    assert sorted(map(str, made.values())) == [
        "line adjoint linked",
        "line adjoint linked",
        "line adjoint linked",
        "line primal linked",
        "line primal linked",
        "line tangent linked",
    ]


def test_the_text_is_all_there(run: Run, tmp_path: Path):  # noqa: F811
    """Without style and script it is a plain listing."""
    text = "".join(Page(page(run, tmp_path, FUNCTION)).text)
    for mode in ("forward", "reverse"):
        printed = run("transform", "f.py", "--mode", mode).stdout
        assert all(line.strip() in text for line in printed.splitlines())
    assert all(line in text for line in FUNCTION.splitlines())


HOSTILE = '''\
import numpy as np


def f(x, label="</script><img src=x onerror=alert(1)>"):
    # <script>alert(2)</script> --> ]]>
    """<b onmouseover='alert(3)'>&amp;</b>"""
    y = x * x  # "><svg onload=alert(4)>
    name = "\\u0000 <!-- \x0c -->"
    return np.sum(y)
'''


def test_hostile_sources_are_text(run: Run, tmp_path: Path):  # noqa: F811
    name = '<img src=x onerror=alert(5)>&".py'
    (tmp_path / name).write_text(HOSTILE)
    result = run("report", name, "--wrt", "x")
    assert result.returncode == 0, result.stderr
    found = Page(result.stdout)
    assert not found.named("img") and not found.named("b")
    assert len(found.named("script")) == 1
    assert "</script><img src=x onerror=alert(1)>" in "".join(found.text)
    assert name in "".join(found.text)
    assert all(tag in KNOWN for tag, _ in found.elements)


KNOWN = frozenset(
    "html head meta title style body header h1 h2 h3 h4 ul li main input label section div span code a var p pre "
    "figure figcaption svg desc defs marker path g circle text details summary table thead tbody tr th td sub footer "
    "script".split()
)


@pytest.mark.parametrize("text", ["\x00\x07\x0c\x7f\x9b", "\udc80", "a\u2028b", "<>&\"'"])
def test_no_text_leaves_html(text: str):
    assert not re.search("[<>\"'\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", escape(text))


def test_a_mode_that_is_refused_is_said_to_be(run: Run, tmp_path: Path):  # noqa: F811
    refused = next(f for f in sorted(REFUSALS.glob("*_reverse.py")) if run("transform", f).returncode == 0)
    assert run("transform", refused, "--mode", "reverse").returncode == 123
    found = page(run, tmp_path, refused.read_text())
    assert "sct refuses to differentiate this" in found and "_jvp</span>(" in found and "_vjp</span>(" not in found
    hopeless = write(tmp_path / "h.py", "def f(x):\n    return eval('x')\n")
    result = run("report", hopeless, "-o", "out.html")
    assert result.returncode == 123 and "eval() reaches variables" in result.stderr
    assert not (tmp_path / "out.html").exists()


def test_output_files(run: Run, tmp_path: Path):  # noqa: F811
    write(tmp_path / "f.py", FUNCTION)
    first = run("report", "f.py", "-o", "out.html")
    assert (first.returncode, first.stdout, first.stderr) == (0, "", "out.html: written\n")
    again = run("report", "f.py::f", "-q", "-o", "out.html")
    assert (again.returncode, again.stderr) == (0, "")
    text = (tmp_path / "out.html").read_text()
    assert text.startswith("<!DOCTYPE html>\n<!-- Report generated by sct ") and "<h1>f in f.py</h1>" in text
    mine = write(tmp_path / "mine.html", "<!DOCTYPE html>\n<p>mine</p>\n")
    refused = run("report", "f.py", "-o", "mine.html")
    assert refused.returncode == 123 and "is not a file that sct generated" in refused.stderr
    assert mine.read_text() == "<!DOCTYPE html>\n<p>mine</p>\n"
    # Nor is a derivative overwritten by a page, or a page by a derivative.
    assert run("transform", "f.py", "-o", "d.py").returncode == 0
    assert run("report", "f.py", "-o", "d.py").returncode == 123
    assert run("transform", "f.py", "-o", "out.html").returncode == 123


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--at", "x1"], "sct report: --at: 'x1' is not NAME=VALUE,NAME=VALUE (sct report --help)"),
        (["--at", "x1=1)"], "sct report: --at: 'x1=1)' is not NAME=VALUE,NAME=VALUE (sct report --help)"),
        (["--at", "x1=1,x1=2"], "sct report: --at gives x1 twice (sct report --help)"),
        (
            ["--at", "x1=open('f')"],
            "sct report: --at: 'open('f')' is not a number or a list of numbers (sct report --help)",
        ),
        (["--at", "x1=[1]"], "sct report: --at: x1 is not a number; the graphs carry numbers (sct report --help)"),
        (["--at", "z=1"], "sct report: --at: there is no parameter z; there are: x1, x2 (sct report --help)"),
    ],
)
def test_bad_points(run: Run, tmp_path: Path, options: list[str], message: str):  # noqa: F811
    write(tmp_path / "f.py", FUNCTION)
    found = run("report", "f.py", *options)
    assert (found.returncode, found.stderr, found.stdout) == (2, message + "\n", "")


def test_numbers_flow_through_the_graph(run: Run, tmp_path: Path):  # noqa: F811
    text = page(run, tmp_path, FUNCTION, "--at", "x1=2.0,x2=3.0")
    pictures = [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", text)]
    assert len(pictures) == 2
    values, adjoints = ([t.text for t in p.iter("text") if t.get("class") == "number"] for p in pictures)
    assert values == ["2", "3", "6", "0.909297", "6.9093"]
    assert adjoints == ["2.58385", "2", "1", "1", "1"]  # x1: 3 + cos(2)
    shares = [t.text for t in pictures[1].iter("text") if t.get("class") == "share"]
    assert sorted(map(str, shares)) == ["cos(x1) * w4_bar", "w5_bar", "w5_bar", "x1 * w3_bar", "x2 * w3_bar"]


def test_nothing_of_the_file_is_run(run: Run, tmp_path: Path):  # noqa: F811
    text = "def g(x):\n    open('trace', 'w')\n    return x\n\ndef f(x):\n    y = x * x\n    return y + g(x)\n"
    text = f"raise SystemExit(7)\n\n{text}"
    write(tmp_path / "f.py", text)
    assert run("report", "f.py::f", "--at", "x=2.0").returncode == 0
    assert not (tmp_path / "trace").exists()


def test_graphs_of_rebound_names():
    graph = first_graph(
        "def f(x: float, n: int):\n    for _ in range(n):\n        x = x * (x + 1.0)\n        x = x / 3.0\n"
        "    return x\n"
    )
    names = [node.name for node in graph.nodes]
    assert names == ["x", "t1", "x′", "x′′"] and graph.outputs == ("x′′",)
    assert [name for name, _ in graph.shares("x")] == ["t1", "x′"]


def test_layouts_put_operands_before_operations():
    graph = first_graph(
        "import math\ndef f(a: float, b: float):\n    c = a * b\n    d = math.exp(c) + a\n    return d * c\n"
    )
    found = layout(graph)
    assert len(set(found.places.values())) == len(found.places)
    for node in graph.nodes:
        for edge in node.edges:
            assert found.places[edge.source][0] < found.places[node.name][0]
            between = found.places[node.name][0] - found.places[edge.source][0] - 1
            assert len(found.routes[edge.source, node.name]) == between


def test_adjoints_of_the_graph_are_those_of_the_derivative():
    import math

    import sct

    text = (
        "import math\ndef f(a: float, b: float):\n    c = a * b - a / b\n    d = math.exp(c) * math.sqrt(a)\n"
        "    return d ** 2 - c * math.log(b)\n"
    )
    graph = first_graph(text)
    found = evaluate(graph, {"a": 0.7, "b": 1.3})
    space: dict[str, object] = {}
    exec(sct.transform(text, mode="reverse"), space)
    value, (a_bar, b_bar) = space["f_vjp"](0.7, 1.3)  # type: ignore[operator]
    (output,) = graph.outputs
    assert math.isclose(found.values[output], value)
    assert math.isclose(found.adjoints["a"], a_bar) and math.isclose(found.adjoints["b"], b_bar)
