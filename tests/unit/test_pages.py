"""What all pages share: data that cannot end its script, pictures that keep their words, templates that escape."""

import json
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from sim.report.drawn import data_url
from sim.report.pages import as_data, environment, library, write_page

EVIL = "</script><script>window.hacked=1</script><!-- & \N{LINE SEPARATOR} ]]> 'quoted' \"twice\""
SVG = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 432.5" width="720pt">
 <!-- made by hand -->
 <title>It's 50 % "sure" &amp; &lt;b&gt;</title>
 <path d="M 0 0
L 10 10" style="fill: #0072b2; font-family: 'DejaVu Sans'"/>
</svg>"""


def test_data_holds_what_was_given_and_cannot_end_its_script():
    packed = as_data({"name": EVIL})
    assert json.loads(packed) == {"name": EVIL}
    assert not any(sign in packed for sign in "<>&\N{LINE SEPARATOR}")


def test_numbers_that_json_lacks_are_refused():
    with pytest.raises(ValueError, match="JSON"):
        as_data([float("nan")])


def test_a_picture_comes_out_of_its_address_as_it_went_in():
    source = Markup(data_url(SVG))
    assert '"' not in source  # it stands in double quotes
    address = source.unescape()
    found = ElementTree.fromstring(unquote(address.partition(",")[2]))
    title, path = list(found)
    assert title.text == 'It\'s 50 % "sure" & <b>'
    assert path.get("d") == "M 0 0 L 10 10"
    assert path.get("style") == "fill: #0072b2; font-family: 'DejaVu Sans'"


def test_a_picture_in_its_address_is_shorter_than_in_base64():
    many = SVG.replace("</svg>", '<path d="M 1 1 L 2 2" style="fill: none"/>' * 500 + "</svg>")
    assert len(data_url(many)) < 1.2 * len(many)  # base64 would take 1.33


def test_templates_escape_text_and_refuse_what_is_missing():
    made = environment().from_string("<h1>{{ name }}</h1>")
    assert "<script" not in made.render(name=EVIL)
    with pytest.raises(Exception, match="'name' is undefined"):
        made.render()


def test_the_library_is_one_script_that_ends_nowhere_early():
    text = library().lower()
    assert "vegaembed" in text
    assert "</script" not in text
    assert "<!--" not in text


def test_a_page_appears_whole_or_not_at_all(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("before")
    with pytest.raises(Exception, match="undefined"):
        write_page("base.html", path, {})
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]
