"""songhe rules: the gate, one item on a page, two lists against each other, the examples."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import click

from songhe.config.cli.explain import find_item
from songhe.config.cli.options import DEFAULT_LIST, Day, open_list, policies_option
from songhe.config.cli.tables import print_table
from songhe.config.paths import policies_folder
from songhe.demo.divisions import region_name
from songhe.eligibility.reason_sheet.text import DIGEST_SHOWN
from songhe.kernel.errors import BadInput, NotFound
from songhe.rules import nodes as n
from songhe.rules.audiences import COHORTS, KINDS, audience_of, cut
from songhe.rules.comparing import Difference, compare_lists
from songhe.rules.doubts import Doubt, cited_doubts
from songhe.rules.examples import WORDS, run_examples
from songhe.rules.gate import Finding, check_list
from songhe.rules.packs import PAYS_WORDS, DatedValue, Item, Pack
from songhe.rules.programme import SHARED, BoundItem, bind
from songhe.rules.reading_packs import LIST_FILE, list_ids
from songhe.rules.sentence import gift_of, plain_number, sentence_of
from songhe.rules.units import in_words

_VERDICTS = {
    "same": "一样",
    "missing": "✗ 缺",
    "new": "＋ 新增",
    "narrower": "✗ 人变少",
    "wider": "＋ 人变多",
    "poorer": "✗ 标准低",
    "better": "＋ 标准高",
    "unclear": "？ 待比",
}


_GROUPS_HELP = (
    "只看给这类人的；可写几次，都要符合。age:80（80岁不被年龄挡在外面的）、不分人群、健康（身体没有问题也可享的），"
    f"一大类：{'、'.join(KINDS.values())}，或一类：{'、'.join(cohort.word for cohort in COHORTS)}；英文名也可以"
)


@click.group()
def rules() -> None:
    """清单：检查、说明、比较、跑例子。"""


@rules.command(epilog="例：songhe rules check 420700-ezhou/basic-list-2023")
@click.argument("lists", nargs=-1, metavar="[清单]...")
@policies_option
def check(lists: Sequence[str], policies: Path | None) -> None:
    """发布前的关口：读得懂、类型和单位对、日期不断不叠、例子成立、不低于上级清单。有要改的，退出码为1。"""
    root = _near(policies or policies_folder())
    failed = sum(_check(root, list_id) for list_id in _lists(root, lists))
    click.echo(f"\n共{failed}处要改，改好再发布" if failed else "\n都可以发布")
    sys.exit(1 if failed else 0)


def _check(root: Path, list_id: str) -> int:
    """Prints what the gate found for one list and gives the number of faults; a file that is no YAML is one."""
    try:
        finding = check_list(root, list_id, parents=policies_folder())
    except BadInput as unreadable:
        click.echo(f"{list_id}：读不了\n  {unreadable}")
        return 1
    verdict = "通过" if finding.passed else f"{len(finding.problems)}处要改"
    click.echo(f"{list_id}：{verdict}（{_counts(finding)}）")
    for problem in finding.problems:
        click.echo(f"  {problem}")
    return len(finding.problems)


def _counts(finding: Finding) -> str:
    """How much was checked, and the release the list would be."""
    pack = finding.pack
    own = f"，自己写的{len(pack.own_items)}项" if pack.extends is not None else ""
    unset = [*pack.parameters.values(), *(p for item in pack.items for p in item.parameters.values())]
    open_figures = sum(not parameter.values for parameter in unset)
    words = (
        f"{len(pack.items)}项{own}，{finding.parameters}个参数（未定{open_figures}个），{finding.examples}个例子，"
        f"存疑{len(pack.doubts)}处"
    )
    return words + (f"，摘要{pack.digest[:DIGEST_SHOWN]}" if finding.passed else "")


def _lists(root: Path, named: Sequence[str]) -> Sequence[str]:
    """The lists named, or all below the folder; BadInput when it has none."""
    found = named or list_ids(root)
    if not found:
        raise BadInput(str(root), "里面没有清单", accepted=f"有“地区/清单/{LIST_FILE}”的文件夹")
    return found


def _near(path: Path) -> Path:
    """The path as seen from where the command runs, when it lies below; short in messages."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


@rules.command(epilog="例：songhe rules test")
@click.argument("lists", nargs=-1, metavar="[清单]...")
@policies_option
def test(lists: Sequence[str], policies: Path | None) -> None:
    """跑每一项的例子。有不成立的，退出码为1。"""
    failed = 0
    for list_id in _lists(policies or policies_folder(), lists):
        count, failures = run_examples(open_list(list_id, policies))
        failed += len(failures)
        click.echo(f"{list_id}：{count}个例子，{f'{len(failures)}处不成立' if failures else '都成立'}")
        for failure in failures:
            click.echo(f"  {failure}")
    sys.exit(1 if failed else 0)


@rules.command(epilog="例：songhe rules explain 养老服务补贴 --on 2024-05-01")
@click.argument("item", metavar="事项")
@click.option("--list", "list_id", default=DEFAULT_LIST, show_default=True, metavar="清单", help="哪一份清单")
@click.option("--on", type=Day(), default=None, metavar="日期", help="以哪一天的参数为准；不写就是今天")
@policies_option
def explain(item: str, list_id: str, on: date | None, policies: Path | None) -> None:
    """一项一页：谁可享、给什么、参数、依据、存疑。事项可写号、名称或英文名。"""
    on = on or date.today()
    pack = open_list(list_id, policies, on)
    _print_item(pack, find_item(bind(pack, on), item), on)


def _print_item(pack: Pack, bound: BoundItem, on: date) -> None:
    item = bound.item
    category = pack.categories.get(item.category, item.category)
    click.secho(f"{item.number}  {item.name}", bold=True)
    heading = (pack.title, category, pack.type_word(item), "、".join(item.lead), item.clause)
    click.echo(" · ".join(part for part in heading if part))
    click.echo(f"\n谁可享    {sentence_of(bound, pack, region_name)}")
    click.echo(f"规则      {item.who_text}")
    click.echo(f"内容标准  {item.standard}")
    click.echo(f"给什么    {gift_of(bound, pack)}")
    if item.group:
        group = pack.groups[item.group]
        click.echo(f"发放分组  {group.title}：{PAYS_WORDS[group.pays]}（{group.clause}）")
    _print_figures(pack, bound, on)
    _print_notes(pack, item)
    outcomes = [WORDS[example.outcome] for example in item.examples]
    click.echo(f"\n例子{len(outcomes)}个：" + "、".join(f"{word}{outcomes.count(word)}" for word in WORDS.values()))
    click.echo(f"文件  {_near(item.path)}")


def _print_figures(pack: Pack, bound: BoundItem, on: date) -> None:
    """The item's parameters and those of the list it speaks of, on the day; below, the other values they have."""
    own = bound.item.parameters
    used = {name: pack.parameters_of(bound.item)[name] for name in _parameters_used(pack, bound.item)}
    rows = []
    for name, parameter in {**own, **used}.items():
        value = parameter.at(on)
        since = ("", "") if value is None else (str(value.from_date), value.clause)
        shown = "未定" if value is None else _figure(bound, name)
        named = name if name in own else f"{SHARED}.{name}"
        rows.append((parameter.label, named, shown, in_words(parameter.unit), *since))
    if rows:
        click.echo("")
        print_table(("参数", "名", f"{on}的值", "单位", "从", "依据"), rows, right=(2,))
    for parameter in {**own, **used}.values():
        if len(parameter.values) > 1:
            click.echo(f"{parameter.label}历次：{'，'.join(map(_dated, parameter.values))}")


def _parameters_used(pack: Pack, item: Item) -> list[str]:
    """The parameters in the item's rule, gifts and formulas, each once."""
    known = pack.parameters_of(item)
    trees = [item.who, *(gift.amount for gift in (item.gives, *item.also) if gift.amount is not None)]
    found: dict[str, None] = {}
    while trees:
        new = [name for name in n.parameter_names(trees.pop()) if name not in found]
        found |= dict.fromkeys(new)
        trees += [v.value for name in new for v in known[name].values if not isinstance(v.value, Fraction)]
    return list(found)


def _figure(bound: BoundItem, name: str) -> str:
    """The figure of a parameter on the day, worked out when it is a formula."""
    value = bound.figures.value(name)
    if isinstance(value, n.Constant) and isinstance(value.value, Fraction):
        return plain_number(value.value)
    return "算式里有未定的"


def _dated(value: DatedValue) -> str:
    figure = plain_number(value.value) if isinstance(value.value, Fraction) else "算式"
    until = f"（到{value.until_date}止，当天不含）" if value.until_date is not None else ""
    return f"{value.from_date}起{figure}{until}"


def _print_notes(pack: Pack, item: Item) -> None:
    if item.unconfirmed:
        click.echo("\n这一项还没有与正式文本核对")
    if item.notes:
        click.echo("\n说明")
    for note in item.notes:
        click.echo(f"  · {note}")
    cited = cited_doubts(item.notes)
    if cited:
        click.echo("\n存疑")
    for name in cited:
        _print_doubt(pack.doubts[name])


def _print_doubt(doubt: Doubt) -> None:
    click.echo(f"  {doubt.id}  {doubt.unclear}")
    click.echo(f"    这里的读法：{doubt.reading}")
    click.echo(f"    待确认：{'、'.join(doubt.confirm)}（{'、'.join(doubt.clauses)}）")


@rules.command("list", epilog="例：songhe rules list 420700-ezhou/basic-list-2023 --group 残疾 --group age:80")
@click.argument("list_id", default=DEFAULT_LIST, metavar="[清单]")
@click.option("--group", "groups", multiple=True, metavar="人群", help=_GROUPS_HELP)
@click.option("--on", type=Day(), default=None, metavar="日期", help="以哪一天为准；不写就是今天")
@policies_option
def list_items(list_id: str, groups: Sequence[str], on: date | None, policies: Path | None) -> None:
    """一份清单，或其中给某一类人的部分：从几岁起、给谁、给什么，都从规则里读出来。"""
    on = on or date.today()
    pack = open_list(list_id, policies, on)
    programme = bind(pack, on)
    chosen = [bound for bound in programme.items if all(cut(bound, group, on) for group in groups)]
    rows = []
    for bound in chosen:
        item, audience = bound.item, audience_of(bound, on)
        category = pack.categories.get(item.category, item.category)
        places = "、".join(map(region_name, audience.places))
        who = audience.cohort_words() + (f"；在{places}" if places else "")
        type_word = pack.type_word(item)
        rows.append((str(item.number), item.name, category, type_word, audience.age_words(), who, gift_of(bound, pack)))
    print_table(("号", "事项", "类别", "类型", "年龄", "人群", "给什么"), rows, right=(0,))
    click.echo(f"\n{pack.title}：{len(programme.items)}项中的{len(rows)}项" + "".join(f" · {g}" for g in groups))
    if not groups:
        for note in pack.notes:
            click.echo(f"  · {note}")


@rules.command(epilog="例：songhe rules doubts 420700-ezhou/basic-list-2023")
@click.argument("list_id", default=DEFAULT_LIST, metavar="[清单]")
@policies_option
def doubts(list_id: str, policies: Path | None) -> None:
    """文件里没有说清的地方：疑点、这里的读法、请谁确认。"""
    pack = open_list(list_id, policies)
    for doubt in pack.doubts.values():
        touched = "、".join(f"第{number}项" for number in doubt.items) or "不涉及清单事项"
        click.secho(f"{doubt.id}  {touched}", bold=True)
        _print_doubt(doubt)
    click.echo(f"\n{pack.title}：存疑{len(pack.doubts)}处")


def _either(named: str, policies: Path | None, on: date) -> Pack:
    """A list by its folder, else by its name out of `policies`, else out of ours: a district's against its city's."""
    folder = Path(named)
    if folder.is_absolute() or len(folder.parts) > 2:
        if not (folder / LIST_FILE).is_file():
            raise NotFound(f"清单{named}", accepted=f"里面有{LIST_FILE}的文件夹")
        return open_list("/".join(folder.parts[-2:]), folder.parent.parent, on)
    there = policies is not None and (policies / named / LIST_FILE).is_file()
    return open_list(named, policies if there else None, on)


@rules.command(epilog="例：songhe rules compare 000000-national/basic-list-2023 420700-ezhou/basic-list-2023")
@click.argument("upper", metavar="上级清单")
@click.argument("lower", metavar="下级清单")
@click.option("--on", type=Day(), default=None, metavar="日期", help="以哪一天为准；不写就是今天")
@click.option("--differing", is_flag=True, help="只列不一样的")
@policies_option
def compare(upper: str, lower: str, on: date | None, differing: bool, policies: Path | None) -> None:
    """逐项比较两份清单：人多了还是少了，标准高了还是低了。低于上级的，退出码为1。

    清单写名字，或写文件夹（如old/420700-ezhou/basic-list-2023）；改之前和改之后，也这样比。
    """
    on = on or date.today()
    above, below = _either(upper, policies, on), _either(lower, policies, on)
    differences = sorted(compare_lists(above, below, on), key=lambda row: (row.verdict == "missing", row.number))
    shown = [row for row in differences if not differing or row.verdict != "same"]
    rows = [(str(row.number), row.name, _VERDICTS[row.verdict], _told(row)) for row in shown]
    print_table(("号", "事项", "比较", "说明"), rows, right=(0,))
    verdicts = [row.verdict for row in differences]
    counts = "，".join(f"{word}{verdicts.count(name)}处" for name, word in _VERDICTS.items() if name in verdicts)
    click.echo(f"\n{above.title} → {below.title}（{on}）：{counts}")
    below_count = sum(row.below for row in differences)
    click.echo(f"低于上级{below_count}处" if below_count else "没有低于上级的")
    sys.exit(1 if below_count else 0)


def _told(difference: Difference) -> str:
    """What differs, and a person who shows it."""
    example = "，".join(f"{label}：{value}" for label, value in difference.witness)
    return difference.words + (f"；例：{example}" if example else "")
