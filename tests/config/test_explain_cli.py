"""songhe explain on the cast: what a reader of the reason sheet must find, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from songhe.config.cli import songhe
from songhe.config.paths import policies_folder
from songhe.demo.cast import Elder, cast, cast_day, cast_list, cast_people
from songhe.kernel.errors import BadInput, NotFound
from songhe.rules.reading_packs import load_pack
from tests.trace import covers

WORDS = {"yes": "可享", "no": "不可享", "unknown": "待核"}
VERDICT = re.compile(r"[●⊖◐] (可享|不可享|待核)")


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cast") / "cast.parquet"
    cast_people().write_parquet(path)
    return path


def run(people: Path, person: str, *more: str) -> Result:
    head = ["explain", "--list", cast_list(), "--people", str(people), "--on", cast_day().isoformat()]
    return CliRunner().invoke(songhe, [*head, "--person", person, *more])


def part(output: str, title: str) -> list[str]:
    """The lines of a part of the sheet."""
    return re.split(r"\n\n", output.split(f"\n{title}\n", 1)[1])[0].splitlines()


@covers("ENT-01")
@pytest.mark.parametrize("elder", cast(), ids=lambda elder: elder.person_id)
def test_the_overview_says_of_every_elder_what_their_story_says(people: Path, elder: Elder) -> None:
    output = run(people, elder.person_id).stdout
    rows = {line.split()[0]: VERDICT.search(line) for line in output.splitlines() if VERDICT.search(line)}
    assert len(rows) == 27
    numbers = {item.slug: str(item.number) for item in load_pack(policies_folder(), cast_list()).items}
    for slug, outcome in elder.expect.items():
        found = rows[numbers[slug]]
        assert found is not None
        assert found[1] == WORDS[outcome], slug


@covers("ENT-01", "PAY-01")
@pytest.mark.parametrize("elder", [one for one in cast() if one.paid], ids=lambda elder: elder.person_id)
def test_what_is_paid_is_said_with_the_item(people: Path, elder: Elder) -> None:
    for slug, yuan in elder.paid.items():
        output = run(people, elder.person_id, "--item", slug).stdout
        line = next(line for line in output.splitlines() if "应发" in line)
        assert line.rstrip().endswith(f"应发 每月{yuan}元"), slug


@covers("ENT-01")
def test_one_day_short_of_eighty(people: Path) -> None:
    output = run(people, "C02", "--item", "3").stdout
    assert "⊖ 现在不可享" in output
    tree = part(output, "条件")
    age = next(place for place, line in enumerate(tree) if "年满80周岁" in line)
    assert "⊖" in tree[age]
    for said in ("1944年5月2日，79周岁", "人员表", "附件1第3项"):
        assert said in tree[age + 1]
    assert part(output, "最省事的办法") == ["  到2024年5月2日满80周岁，就可享。"]
    assert "鄂州政办发〔2023〕28号 附件1第3项" in part(output, "依据")[0]


@covers("ENT-01")
def test_an_unknown_register_names_the_question_and_what_each_answer_gives(people: Path) -> None:
    output = run(people, "C04", "--item", "高龄津贴").stdout
    assert "◐ 待核，只缺1项：户籍地" in output
    ways = part(output, "最省事的办法")
    assert ways[0].strip() == "您的户口在哪里？"
    assert [line.strip() for line in ways[1:3]] == ["● 在鄂州市：可享", "⊖ 在别处：不可享"]


@covers("ENT-03")
def test_of_two_allowances_of_a_kind_the_sheet_says_which_is_paid(people: Path) -> None:
    lower, higher = (run(people, "C05", "--item", item).stdout for item in ("20", "17"))
    assert "可享，本项不另发" in lower
    assert "可享 每月70元    应发 每月0元" in lower
    assert any("发第17项，本项不另发" in line for line in part(lower, "会受影响的"))
    assert "应发 每月100元" in higher
    assert any("发本项，第20项不另发" in line for line in part(higher, "会受影响的"))


def test_the_smallest_change_is_named_where_one_condition_is_in_the_way(people: Path) -> None:
    output = run(people, "C05", "--item", "18").stdout
    assert "只要有一条变了就可享：经认定生活不能自理。" in output


def test_a_missing_figure_of_the_list_is_no_question_to_the_person(people: Path) -> None:
    output = run(people, "C05", "--item", "16").stdout
    assert "清单没有定" in output
    assert "\n最省事的办法\n" not in output


@pytest.mark.parametrize("name", ["17", "elderly-service-subsidy", "养老服务补贴", "１７"])
def test_an_item_goes_by_number_name_or_slug(people: Path, name: str) -> None:
    assert run(people, "C05", "--item", name).stdout.startswith("17  养老服务补贴\n")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("advanced-age-alowance", "3 高龄津贴"),
        ("护理补贴", "18 养老护理补贴、19 重度残疾人护理补贴"),
        ("99", "第1到27项"),
    ],
)
def test_an_unknown_item_names_what_is_near(people: Path, name: str, near: str) -> None:
    result = run(people, "C05", "--item", name)
    assert isinstance(result.exception, NotFound)
    assert name in result.exception.what
    assert near in result.exception.accepted


def test_an_unknown_person_is_named_masked(people: Path) -> None:
    result = run(people, "X-8812-7741")
    assert isinstance(result.exception, NotFound)
    assert "X-8812-7741" not in str(result.exception)
    assert "X-*******41" in str(result.exception)
    assert result.exception.accepted == ""


@pytest.mark.parametrize("typed", ["c05", " C05", "0C05", "C-05", "Ｃ０５"])
def test_a_key_that_is_almost_one_is_said_to_be(people: Path, typed: str) -> None:
    error = run(people, typed).exception
    assert isinstance(error, NotFound)
    assert "C**" in error.accepted
    assert "C05" not in str(error)


def test_other_rows_may_be_bad_but_not_the_persons_own(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("person_id,birth_date\na,1944-05-01\nb,1944/05/01\n", encoding="utf-8")
    assert run(path, "a", "--item", "3").exit_code == 0
    error = run(path, "b", "--item", "3").exception
    assert isinstance(error, BadInput)
    assert "birth_date" in str(error)
    assert "1944/05/01" not in str(error)


def test_the_page_is_written_beside_the_text_and_fetches_nothing(people: Path, tmp_path: Path) -> None:
    page = tmp_path / "sheet.html"
    result = run(people, "C04", "--item", "3", "--html", str(page))
    assert result.exit_code == 0
    assert str(page) in result.stdout
    html = page.read_text(encoding="utf-8")
    assert "待核，只缺1项：户籍地" in html
    assert "default-src 'none'" in html
    assert not re.search(r"https?://", html)
    assert "<script" not in html


def test_a_page_of_all_items_has_every_sheet(people: Path, tmp_path: Path) -> None:
    page = tmp_path / "all.html"
    assert run(people, "C05", "--html", str(page)).exit_code == 0
    html = page.read_text(encoding="utf-8")
    assert {int(number) for number in re.findall(r'id="item-(\d+)"', html)} == set(range(1, 28))


@pytest.mark.parametrize("name", ["sheet.txt", "cast.parquet"])
def test_a_page_must_be_a_page(people: Path, name: str) -> None:
    before = people.read_bytes()
    result = run(people, "C05", "--html", str(people.with_name(name)))
    assert isinstance(result.exception, BadInput)
    assert people.read_bytes() == before
