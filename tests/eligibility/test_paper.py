"""A sheet as a PDF: every letter of the words is in it, in order, and lines break where Chinese lines may."""

from __future__ import annotations

import io
import re
import zlib

from fontTools.ttLib import TTFont

from songhe.ui.paper.letters import letters_of, runs
from songhe.ui.paper.pdf import Block, pdf_of

TEXT = "鄂州政办发〔2023〕28号 附件1第18项：经认定生活不能自理的老年人，每人每月不低于100元。" * 6


def read(pdf: bytes) -> str:
    """What the pages say, glyph by glyph, line by line."""
    back = {number: chr(code) for code, number in sorted(letters_of(400).glyphs.items(), reverse=True)}
    lines = []
    for packed in re.findall(rb"/FlateDecode >>\nstream\n(.*?)\nendstream", pdf, re.DOTALL):
        content = zlib.decompress(packed)
        if content.startswith(b"BT") or b"\nBT" in content:
            for codes in re.findall(rb"<([0-9A-F]*)> Tj", content):
                numbers = [int(codes[at : at + 4], 16) for at in range(0, len(codes), 4)]
                lines.append("".join(back.get(number, "□") for number in numbers))
    return "\n".join(lines)


def test_all_words_are_there_and_no_line_begins_with_a_closing_mark() -> None:
    said = read(pdf_of("纸", [Block(TEXT)], "脚"))
    lines = said.splitlines()
    assert "".join(lines[:-1]).replace(" ", "") == TEXT.replace(" ", "")
    assert lines[-1] == "脚    1/1"
    assert not [line for line in lines if line[:1] in "，。：；、）〕" or line[-1:] in "（〔"]
    assert not [line for line in lines if line.endswith("202") or line.startswith("023")]


def test_long_papers_have_numbered_pages_and_a_title_stays_with_what_follows() -> None:
    blocks = [Block("一行") for _ in range(46)] + [Block("标题", 13, strong=True, keep=True), Block("下文")]
    said = read(pdf_of("纸", blocks, "脚"))
    first, second = said.split("脚    1/2\n")
    assert "标题" not in first and second.startswith("标题\n下文")
    assert "脚    2/2" in second


def test_the_letters_cut_out_are_a_font_that_draws_them() -> None:
    for weight in (400, 600):
        letters = letters_of(weight)
        font = TTFont(io.BytesIO(letters.cut("松鹤é100")))
        order = font.getGlyphOrder()
        drawn = {order.index(name) for name in order if font["glyf"][name].numberOfContours}
        assert {letters.glyph(letter) for letter in "松鹤100"} <= drawn
        assert len(drawn) < 12  # and hardly anything else


def test_rare_letters_of_names_are_drawn_by_fonts_of_their_own() -> None:
    pieces = list(runs("李㛃和𬭚䶮", letters_of(600)))
    assert "".join(piece for _, piece in pieces) == "李㛃和𬭚䶮"
    assert [piece for source, piece in pieces if source is letters_of(600)] == ["李", "和"]
    for source, piece in pieces:
        font = TTFont(io.BytesIO(source.cut(piece)))
        order = font.getGlyphOrder()
        for letter in piece:
            assert source.width(letter) == 1000 and font["glyf"][order[source.glyph(letter)]].numberOfContours > 0
    pdf = pdf_of("纸", [Block("李㛃和𬭚䶮"), Block("䶮", strong=True)], "㛃")
    assert len(set(re.findall(rb"/BaseFont /(NotoSansCJKSC-[0-9A-F]+)", pdf))) == 3
    assert pdf == pdf_of("纸", [Block("李㛃和𬭚䶮"), Block("䶮", strong=True)], "㛃")


def test_a_letter_the_font_lacks_leaves_a_box_and_the_same_words_give_the_same_bytes() -> None:
    assert [source for source, _ in runs("\U00031234", letters_of(400))] == [letters_of(400)]
    assert pdf_of("纸", [Block("\U00031234")], "") == pdf_of("纸", [Block("\U00031234")], "")


def test_shapes_stand_before_marked_lines() -> None:
    pdf = pdf_of("纸", [Block("可享", mark="yes"), Block("待核", mark="unknown"), Block("不可享", mark="no")], "")
    assert read(pdf).splitlines()[:3] == ["可享", "待核", "不可享"]
