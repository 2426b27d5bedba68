"""The invented people and figures of the page of components. Nobody of them exists; the id numbers cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms

from songhe.ui.pictures import Area, Chart, Map, Series, classes, step
from songhe.ui.shell import Bell, Duty, MenuItem, NavGroup, NavItem, Scope, Shell, User

HERE = "#"
SHELL = Shell(
    home_url=HERE,
    nav=(
        NavGroup(
            (
                NavItem("今天", HERE, "sun", 14, due=True),
                NavItem("老人", HERE, "users", current=True),
                NavItem("申请和待遇", HERE, "clipboard-check", 6),
                NavItem("探访", HERE, "door", 11),
                NavItem("能力评估", HERE, "clipboard-list", 2),
                NavItem("上门服务", HERE, "basket"),
                NavItem("告警", HERE, "bell"),
            ),
            "办事",
        ),
        NavGroup(
            (
                NavItem("养老地图", HERE, "map-2"),
                NavItem("政策清单", HERE, "book-2"),
                NavItem("本月统计", HERE, "chart-bar"),
            ),
            "查看",
        ),
    ),
    tabs=(
        NavItem("今天", HERE, "sun", 14, due=True),
        NavItem("老人", HERE, "users", current=True),
        NavItem("登记", HERE, "circle-plus"),
        NavItem("告警", HERE, "bell"),
        NavItem("我的", HERE, "user"),
    ),
    scope=Scope("吴都社区", ("鄂城区", "凤凰街道")),
    duty=Duty("12345"),
    user=User(
        "周敏", "吴都社区", (MenuItem("我的设置", HERE, "settings"), MenuItem("退出", HERE, "logout", post=True))
    ),
    bell=Bell(3, HERE),
    search_url=HERE,
    place="鄂州市养老服务平台 工作台",
)
BOUNDS = (0.08, 0.12)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    key: str
    name: str
    sex: str
    age: int
    id_number: str
    community: str
    situation: str
    ability: str
    may: int
    open: int | None
    unknown: int | None
    visit: str
    due: bool = False
    chosen: bool = False


ROWS = (
    Row("a", "刘金凤", "女", 83, "429900194311111241", "东塔", "独居 重残", "轻度", 16, 1, 2, "10月9日", due=True),
    Row("b", "李桂芳", "女", 84, "429900194203180027", "吴都", "独居 低保", "轻度", 16, 2, 3, "10月18日", due=True),
    Row("c", "程远志", "男", 84, "429900194205061563", "江城", "独居 优抚", "轻度", 16, 1, None, "11月2日"),
    Row("d", "范长根", "男", 87, "429900193909090393", "古城", "独居", "没有评过", 13, None, 4, "11月9日", chosen=True),
    Row("e", "余细妹", "女", 83, "429900194302020406", "南塔", "独居", "没有评过", 13, None, 4, "11月9日", chosen=True),
    Row("f", "汪汉生", "男", 89, "429900193701121370", "司徒", "独居", "中度", 14, 1, None, "11月15日"),
)


class VisitForm(forms.Form):
    """A form with one field of each kind."""

    who = forms.CharField(label="探访谁", max_length=40, help_text="写姓名或证件后四位")
    on = forms.DateField(label="哪一天", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    kind = forms.ChoiceField(
        label="怎么探访", choices=[("home", "上门"), ("phone", "打电话")], widget=forms.RadioSelect
    )
    level = forms.ChoiceField(label="精神", choices=[("", "请选"), ("1", "好"), ("2", "一般")])
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    again = forms.BooleanField(label="一周后再去一次", required=False)


def _square(code: str, corners: list[list[float]]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {"type": "Polygon", "coordinates": [[*corners, corners[0]]]},
    }


def _map() -> Map:
    shares = {"429901": ("甲区", 0.115), "429902": ("乙区", 0.05), "429903": ("丙区", 0.141), "429904": ("丁区", None)}
    areas = tuple(
        Area(code, name, "–" if share is None else f"{share:.1%}", 0 if share is None else step(share, BOUNDS) + 2)
        for code, (name, share) in shares.items()
    )
    shapes = {
        "429901": [[114.3, 30.5], [114.6, 30.55], [114.62, 30.3], [114.45, 30.22], [114.28, 30.3]],
        "429902": [[114.62, 30.3], [114.95, 30.42], [115.05, 30.2], [114.8, 30.05], [114.45, 30.22]],
        "429903": [[114.45, 30.22], [114.8, 30.05], [114.7, 29.85], [114.4, 29.9], [114.28, 30.3]],
        "429904": [[114.8, 30.05], [115.05, 30.2], [115.1, 29.95], [114.7, 29.85]],
    }
    boundaries = {"type": "FeatureCollection", "features": [_square(code, shape) for code, shape in shapes.items()]}
    printed = [(step_ + 2, words) for step_, words in classes(BOUNDS, ("8", "12"), unit="%")]
    return Map("gallery-map", "各区未享比例", "区", "未享比例", areas, ((0, "没有数据"), *printed), boundaries)


def _charts() -> dict[str, Chart]:
    ages = tuple(f"{age}岁" for age in range(75, 80))
    districts = (
        Series("鄂城区", (3_842, 3_571, 3_204, 2_788, 2_485), 1),
        Series("华容区", (1_438, 1_342, 1_205, 1_046, 930), 2),
        Series("梁子湖区", (998, 927, 832, 723, 642), 3),
    )
    months = tuple(f"{month}月" for month in range(6, 12))
    return {
        "stacked": Chart("gallery-stacked", "新增的人：按年龄和区", "stacked", ages, districts, "人", "年龄"),
        "bar": Chart("gallery-bar", "各区应享未享", "bar", ages, (districts[0],), "人", "年龄"),
        "line": Chart(
            "gallery-line", "每月探访", "line", months, (Series("探访", (61, 58, 63, 49, None, 41)),), "次", "月"
        ),
        "diverging": Chart(
            "gallery-diverging",
            "谁多谁少：按区",
            "diverging",
            ("鄂城区", "华容区", "梁子湖区"),
            (Series("少领", (-742, -648, -456), 3), Series("新增", (15_890, 5_961, 4_122), 1)),
            "人",
            "区",
        ),
    }


def context(now: datetime) -> dict[str, Any]:
    """All that the page shows, as of the given moment."""
    refused = VisitForm({"who": "", "on": "", "kind": "", "level": ""}, auto_id="bad_%s")
    refused.is_valid()
    return {
        "shell": SHELL,
        "today": now.date(),
        "now": now,
        "yesterday": now - timedelta(days=1),
        "long_ago": now - timedelta(days=770),
        "rows": ROWS,
        "form": VisitForm(),
        "refused": refused,
        "charts": _charts(),
        "map": _map(),
        "levels": [("", "请选"), ("1", "一级"), ("2", "二级")],
        "heat": [(0, "没有数据"), (1, "不到2%"), (2, "2–5%"), (3, "5–15%"), (4, "15–30%"), (5, "30%以上")],
    }
