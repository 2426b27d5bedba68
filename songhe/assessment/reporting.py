"""The report of a result on paper: what it came to and why, every answer, the signatures, a code to check it by."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence

import segno
from django.utils.timezone import localtime

from songhe.assessment.models import Result, Signature
from songhe.assessment.presenters_result import (
    answers_of,
    beside_words,
    level_by_points,
    level_words,
    parts_of,
    reasons_of,
    scale_words,
    total_words,
)
from songhe.assessment.scales.definition import scale_of
from songhe.foundation.sealing.seals import unseal
from songhe.kernel.errors import BadInput
from songhe.ui.formats import exact_day
from songhe.ui.paper.drawings import Drawing, Ink, Squares, read_png
from songhe.ui.paper.pdf import Block, pdf_of

_TITLE, _PNG = "老年人能力评估报告", "data:image/png;base64,"
_SIGN_WIDE, _SIGN_HIGH, _CODE_SIDE = 160, 54, 120
_QUIET = 4  # squares of white around a code to scan
_LEAST = 16  # of a drawing; what is smaller was not drawn by a hand
_SMALL = 9
_NOTE = (
    "这份报告写的是健康情况，只给办事要用的人看。"
    "真不真、还算不算数，扫上面的码或在门户里输核验码查，查到的没有健康情况。"
)


def report_pdf(result: Result, signatures: Sequence[Signature], *, place: str, address: str) -> bytes:
    """The PDF. `address` is where the code is checked; signatures that cannot be drawn leave name and instant."""
    blocks = [
        Block(_TITLE, 18, strong=True),
        Block(f"{result.person.name}　{place}", 11, before=4),
        Block(f"核验码 {result.code}", 10, before=2),
        *_outcome(result), *_why(result), *_signed(result, signatures), *_check(result, address), *_answers(result),
        Block(_NOTE, _SMALL, before=18),
    ]  # fmt: skip
    return pdf_of(_TITLE, blocks, f"{_TITLE}　核验码 {result.code}")


def _title(text: str) -> Block:
    return Block(text, 13, strong=True, before=16, keep=True)


def _outcome(result: Result) -> Iterator[Block]:
    yield _title("结果")
    yield Block(f"等级：{level_words(result)}", 12, strong=True, before=2)
    if total_words(result):
        yield Block(f"总分：{total_words(result)}")
    yield Block(f"标准：{scale_words(scale_of(result.scale))}")
    if beside_words(result):
        yield Block(beside_words(result))
    until = f"，有效到{exact_day(result.last_day)}" if result.last_day else ""
    yield Block(f"评估日期：{exact_day(result.assessed_date)}{until}")
    yield Block(f"用途：{result.get_purpose_display()}　状态：{result.get_state_display()}")


def _why(result: Result) -> Iterator[Block]:
    yield _title("怎么得出的")
    for part in parts_of(result):
        most = f"，满分{part.most}" if part.most else ""
        yield Block(f"{part.name}：分级{part.points}" if part.is_grade else f"{part.name}：{part.points}分{most}")
    if level_by_points(result):
        yield Block(f"按分数：{level_by_points(result)}")
    reasons = reasons_of(result)
    for one in reasons:
        evidence = f"（{one.evidence}）" if one.evidence else ""
        yield Block(f"{one.says}：{one.does}{evidence}")
    if not reasons and level_by_points(result):
        yield Block("没有要变更等级的情况")


def _signed(result: Result, signatures: Sequence[Signature]) -> Iterator[Block]:
    yield _title("谁评的")
    yield Block(f"机构：{result.organisation_name or '没有登记'}", keep=bool(signatures))
    for place, one in enumerate(signatures):
        at = localtime(one.signed_at)
        words = f"{one.signer}　{exact_day(at.date())} {at:%H:%M}"
        yield Block(words, before=4, drawing=_drawing(one), keep=place == 0 and len(signatures) > 1)
    if not signatures and result.assessor_names:
        yield Block(f"评估员：{'、'.join(result.assessor_names)}")
    at = localtime(result.confirmed_at)
    yield Block(f"审核：{result.confirmer}　{exact_day(at.date())}", before=4)


def _check(result: Result, address: str) -> Iterator[Block]:
    rows = segno.make(address, micro=False).matrix_iter(border=_QUIET)
    code = Squares([[bool(dark) for dark in row] for row in rows], _CODE_SIDE)
    yield _title("核验")
    yield Block(f"扫码查真伪，或在门户“核验评估报告”里输：{result.code}", drawing=code)


def _answers(result: Result) -> Iterator[Block]:
    answers, part = answers_of(result), ""
    if answers:
        yield _title("逐项的答案")
    for one in answers:
        if one.part != part:
            part = one.part
            yield Block(part, 10, strong=True, before=8, keep=True)
        note = f"　备注：{one.note}" if one.note else ""
        yield Block(f"{one.code} {one.name}　{one.points}分　{one.says}{note}", _SMALL, indent=1)


def _drawing(signature: Signature) -> Drawing | None:
    if signature.drawing_sealed is None:
        return None
    text = unseal(bytes(signature.drawing_sealed), f"assessment_signature.drawing.{signature.pk}")
    try:
        png = base64.b64decode(text.removeprefix(_PNG), validate=True)
        width, height, _channels, _data = read_png(png)
    except (BadInput, binascii.Error):
        return None
    return Ink(png, _SIGN_WIDE, _SIGN_HIGH) if min(width, height) >= _LEAST else None
