"""Every word of the pages has its Chinese in a template or in code and its English in a catalogue; one chooses."""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from songhe.config.languages import __main__ as tool
from songhe.config.languages import catalogues, gathering
from songhe.config.languages.catalogues import ROOMS, Phrase, compiled, path_of, read, rooms, written
from songhe.config.languages.gathering import HAN, gathered, in_python, in_template
from songhe.foundation.jobs.states import JobState
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.kernel.told import told
from songhe.ui import formats
from songhe.ui.words import kept, said, said_error
from tests.platform_fixtures import ClientFor
from tests.security.placing import World, own_things
from tests.security.test_crawl import ADDRESSES, PAGES
from tests.ui.rendering import shown

HERE = "http:" + "//testserver"
TEMPLATES = sorted(path for path in ROOMS.rglob("templates/**/*.html"))
SAMPLES = (
    ROOMS / "ui/templates/ui/gallery"
)  # invented people and figures of the kit's own page, in a demonstration only
MARKED = re.compile(
    r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|{%\s*translate\s.*?%}|{%\s*blocktranslate.*?endblocktranslate\s*%}"
    r"""|_\("[^"]*"\)|_\('[^']*'\)""",
    re.DOTALL,
)
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
ROOM_OF = {name: str(pattern.callback.__module__).split(".")[1] for name, pattern in PAGES.items()}


def name(path: Path) -> str:
    return path.relative_to(ROOMS).as_posix()


@pytest.mark.parametrize("path", [path for path in TEMPLATES if SAMPLES not in path.parents], ids=name)
def test_a_template_says_no_chinese_that_is_not_marked(path: Path) -> None:
    bare = MARKED.sub("", path.read_text(encoding="utf-8"))
    assert [line.strip() for line in bare.splitlines() if HAN.search(line)] == []


@pytest.mark.parametrize("room", rooms())
def test_a_catalogue_has_what_templates_and_code_say(room: str) -> None:
    assert set(gathered(room)) - set(read(path_of(room))) == set()  # `make messages` brings it up to date


def test_what_is_stale_is_named_and_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (catalogues, gathering, tool):
        monkeypatch.setattr(module, "ROOMS", tmp_path)
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui/__init__.py").write_text('x = _("老人")\n')
    names = ["ui/locale/en/LC_MESSAGES/django.po", "ui/locale/en/LC_MESSAGES/django.mo"]
    assert (tool.main(["--check"]), tool.main(["doors"]), tool.stale_files(mend=False)) == (1, 0, names)
    assert (tool.main([]), tool.main(["--check"])) == (0, 0)
    assert list(read(path_of("ui"))) == [Phrase("老人")]


def test_every_room_with_words_has_a_catalogue() -> None:
    assert [room for room in (path.name for path in ROOMS.iterdir()) if gathered(room) and room not in rooms()] == []


@pytest.mark.parametrize("room", rooms())
def test_a_catalogue_has_the_english_of_every_phrase(room: str) -> None:
    for phrase, entry in read(path_of(room)).items():
        assert all(entry.english), phrase
        texts = (phrase.text, phrase.plural) if phrase.plural else (phrase.text,)
        for chinese, english in zip(texts, entry.english, strict=True):
            assert set(HAN.findall(english)) <= set(HAN.findall(chinese)), phrase  # a name, or a word to be typed
            assert sorted(set(PLACEHOLDER.findall(english))) == sorted(set(PLACEHOLDER.findall(chinese))), phrase
            assert _braces(english) == _braces(chinese), phrase
            assert not set('"<>&') & set(english) - set(chinese), f"templates write it as it is: {phrase}"


def test_rooms_agree_on_the_english_of_a_phrase() -> None:
    told_by: dict[Phrase, dict[tuple[str, ...], list[str]]] = {}
    for room in rooms():
        for phrase, entry in read(path_of(room)).items():
            told_by.setdefault(phrase, {}).setdefault(entry.english, []).append(room)
    assert {phrase: said for phrase, said in told_by.items() if len(said) > 1} == {}


def _braces(text: str) -> set[str]:
    return {field or "" for _, field, _, _ in Formatter().parse(text) if field is not None} if "{" in text else set()


@pytest.mark.parametrize("room", rooms())
def test_what_django_reads_is_what_people_edit(room: str) -> None:
    path = path_of(room)
    catalogue = read(path)
    assert written(catalogue) == path.read_text(encoding="utf-8")
    assert compiled(catalogue) == path.with_suffix(".mo").read_bytes()
    known = gettext.GNUTranslations(io.BytesIO(path.with_suffix(".mo").read_bytes()))
    for phrase, entry in catalogue.items():
        if not phrase.plural:
            found = known.pgettext(phrase.context, phrase.text) if phrase.context else known.gettext(phrase.text)
            assert found == entry.english[0]


def test_phrases_are_gathered_wherever_they_stand() -> None:
    template = (
        """<c-x label="{% translate '老人' %}">{% translate "账号" context "状态" %}{{ a|default:_("没有") }}"""
        """{% blocktranslate with count=a.b %}共{{ count }}人，占5%{% endblocktranslate %}"""
        """{% blocktranslate count n=n %}一人{% plural %}{{ n }}人{% endblocktranslate %}</c-x>"""
    )
    assert list(in_template(template)) == [
        Phrase("老人"), Phrase("账号", context="状态"), Phrase("没有"), Phrase("共%(count)s人，占5%%"),
        Phrase("一人", "%(n)s人"),
    ]  # fmt: skip
    code = 'raise BadInput("姓名", told("最多{most}字", most=1), accepted="短的")\nx = _("区"), pgettext("地方", "市")'
    assert set(in_python(code)) == {
        Phrase("姓名"), Phrase("最多{most}字"), Phrase("短的"), Phrase("区"), Phrase("市", context="地方"),
    }  # fmt: skip


def test_a_refusal_is_said_in_the_language_of_the_page() -> None:
    refusals = (
        BadInput("登录名", told("最多{most}字", most=3), given="abcd", accepted="换一个"),
        Refused(told("您的角色不能{deed}", deed="开停账号")),
        Refused("不能给自己授权", clause="a/1"),
        NotFound("这个账号"),
        NotFound("这个账号", accepted="何俊"),
        Conflict("这个账号已经停用"),
    )
    assert [said_error(one) for one in refusals] == [str(one) for one in refusals]
    with translation.override("en"):
        assert [said_error(one) for one in refusals] == [
            "Sign-in name: at most 3 characters; given: “abcd”; accepted: another one",
            "Your role may not do this: Open and close accounts",
            "Nobody may grant rights to themselves (by a/1)",
            "Not found: this account",
            "Not found: this account; there is: 何俊",
            "This account is closed already",
        ]
        assert (said("何俊"), said(""), said(None)) == ("何俊", "", None)


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> World:
    settings.FILES = tmp_path / "files"
    return World()


def _shown(client: Client, url: str) -> str:
    return client.get(url).content.decode()


@pytest.mark.parametrize("header", ["en", "en-GB,en;q=0.9", "fr"])
def test_the_browsers_wish_changes_nothing(db: None, header: str) -> None:
    url = reverse("sign-in")
    plain = _without_token(_shown(Client(), url))
    assert _without_token(_shown(Client(headers={"Accept-Language": header}), url)) == plain
    assert '<html lang="zh-CN"' in plain


@pytest.mark.parametrize("cookie", ["", "fr", "../en", "zh-hans"])
def test_any_other_cookie_is_chinese(db: None, cookie: str) -> None:
    client = Client()
    client.cookies["songhe-language"] = cookie
    answer = client.get(reverse("sign-in"))
    assert answer.headers["Content-Language"] == "zh-hans"
    assert "登录名" in answer.content.decode()


def test_one_chooses_english_and_comes_back_to_where_one_was(db: None) -> None:
    client, url = Client(), reverse("sign-in")
    assert reverse("language", args=["en"]) in _shown(client, url)
    answer = client.post(reverse("language", args=["en"]), headers={"Referer": f"{HERE}{url}?next=/tasks/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{HERE}{url}?next=/tasks/")
    cookie = answer.cookies["songhe-language"]
    assert (cookie.value, bool(cookie["httponly"]), cookie["samesite"]) == ("en", True, "Lax")
    page = _shown(client, url)
    assert '<html lang="en"' in page
    assert reverse("language", args=["zh-hans"]) in page
    assert client.get(url).headers["Content-Language"] == "en"


def test_a_stranger_is_not_gone_back_to(db: None) -> None:
    answer = Client().post(reverse("language", args=["en"]), headers={"Referer": "http://localhost:1/"})
    assert answer.headers["Location"] == "/"
    assert Client().post(reverse("language", args=["fr"])).status_code == 404
    assert Client().get(reverse("language", args=["en"])).status_code == 405


# What people wrote, or what is kept in Chinese whatever the page speaks: names, titles of work, documents.
DATA = re.compile(
    "沈玉兰|寿昌大道(118号)?|第\\d*号|何俊|周敏|严素琴|方志强|测试|残联名册|核对重复档案|重新数各类老人|办完了|独居|简体中文"
    "|忘了密码|后台|某政函〔2029〕1号|新名|凤凰街道|吴都社区|街道清单|小清单|^试$|(?<=Simulation: )试"
)
VIEWERS = {"doors": ("security_admin", "city_officer"), "foundation": ("city_officer", "auditor", "system_admin")}
VIEWERS |= {"people": ("city_officer", "city_leader"), "regions": ("system_admin",)}
VIEWERS |= {"eligibility": ("city_officer", "community_worker")}


@pytest.mark.parametrize("room", VIEWERS)
def test_the_pages_of_a_room_are_english(world: World, client_as: ClientFor, room: str) -> None:
    found = []
    for role in VIEWERS[room]:
        client = client_as(role, "420700")
        client.cookies["songhe-language"] = "en"
        own = own_things(client.account)  # type: ignore[attr-defined]
        for page in (page for page in ADDRESSES if ROOM_OF[page] == room and page != "sign-out"):
            takes = ADDRESSES[page].takes
            if (takes, "420704001000") not in world.objects and takes not in own and takes:
                continue
            things = own[takes] if takes in own else world.objects[takes, "420704001000"] if takes else {}
            answer = client.get(reverse(page, kwargs={**things, **ADDRESSES[page].more}))
            if answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
                found += [f"{role} {page} {answer.status_code}: {text}" for text in _chinese(answer.content.decode())]
    assert "\n".join(found) == ""


def _chinese(page: str) -> Iterator[str]:
    """The Chinese that is not data: of what is read, said to screen readers, or shown on hover."""
    said_aloud = r"title|aria-label|placeholder|alt|value|data-(?!sh-figures)[\w-]+"
    for text in re.findall(rf'>([^<]+)<|(?:{said_aloud})="([^"]*)"', page):
        for one in text:
            if HAN.search(DATA.sub("", unescape(one))):
                yield " ".join(unescape(one).split())


def _without_token(page: str) -> str:
    return re.sub(r'[A-Za-z0-9]{64}|value="[0-9a-f]{32}"', "", page)


def test_days_and_figures_are_said_in_english() -> None:
    today = date(2026, 11, 18)
    with translation.override("en"):
        said_days = [formats.day(today + timedelta(days), today) for days in (0, -1, 1, -9, -700)]
        assert said_days == ["today", "yesterday", "tomorrow", "9 Nov", "18 Dec 2024"]
        assert formats.moment(datetime(2026, 11, 17, 9, 5), today) == "yesterday 09:05"
        assert (formats.exact_day(today), formats.day_with_week(today, today)) == (
            "18 November 2026",
            "Wednesday 18 Nov",
        )
        agos = [formats.since(today - timedelta(days), today) for days in (0, 3, 31, 70, 1200)]
        assert agos == ["today", "3 days ago", "1 month ago", "2 months ago", "3 years ago"]
        assert "186.40" in shown("{% money_fen 18640 %}")
        assert "yuan" in shown("{% money_fen 18640 %}")


def test_a_word_that_is_stored_is_chinese() -> None:
    with translation.override("en"):
        assert (str(JobState.DONE.label), kept(JobState.DONE.label)) == ("Done", "完成")
