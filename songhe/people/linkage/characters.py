"""Characters that offices write for one another in names: forms of one character, same sound, similar look.

Our own short tables, made for names of people born before 1970; they are deliberately not a dictionary. A character
stands in at most one group of each table, so that folding a name to its group is one answer.
"""

from __future__ import annotations

from itertools import combinations

# The first of each group is the form we fold to.
FORMS = """
华華 国國囯 兰蘭 凤鳳 银銀 珍珎 万萬 涂塗凃 陈陳 张張 刘劉 杨楊 黄黃 吴吳 罗羅 邓鄧 谢謝 孙孫 赵趙
郑鄭 马馬 冯馮 卢盧 邹鄒 韩韓 龚龔 苏蘇 钟鐘鍾锺 谭譚 黎黧 贾賈 贺賀 钱錢 陆陸 严嚴 许許 叶葉 梁樑
汤湯 龙龍 齐齊 关關 范範 吕呂 闫閆 阎閻 萧蕭 余餘 德徳悳 爱愛 丽麗 红紅 贵貴 长長 东東 风風 云雲
义義 发發髪 庆慶 学學斈 胜勝 卫衛 军軍 书書 连連 莲蓮 琼瓊 娇嬌 妈媽 玛瑪 宝寶寳 宁寧甯 广廣 启啟啓
开開 亚亞 业業 乐樂 汉漢 泽澤 润潤 济濟 渊淵 树樹 权權 杰傑 栋棟 梦夢 楼樓 桥橋 炼煉 焕煥 烛燭
灿燦 犹猶 献獻 玺璽 环環 珑瓏 画畫 畅暢 盖蓋 祯禎 礼禮 种種 积積 稳穩 穷窮 笔筆 紧緊 纯純 纪紀
纲綱 绍紹 经經 绣繡 绪緒 维維 绵綿 绿綠 缘緣 耀燿 耸聳 联聯 肃肅 胆膽 艺藝 节節 芦蘆 苹蘋 荣榮
萤螢 药藥 虏虜 观觀 训訓 让讓 记記 讲講 诗詩 诚誠 谊誼 谦謙 贞貞 贤賢 贯貫 资資 赐賜 赞贊 跃躍
轩軒 辉輝煇 达達 运運 进進 远遠 迁遷 遥遙 邮郵 钦欽 钢鋼 铁鐵 铃鈴 铭銘 锋鋒 锐銳 锦錦 镇鎮 镜鏡
闻聞 间間 难難 韵韻 项項 顺順 颂頌 顾顧 颖穎頴 飞飛 鸿鴻 鹏鵬 鹤鶴 麦麥 强強 青靑 清淸 惠恵 俊儁
群羣 峰峯 岩巖 晋晉 升昇陞 坤堃 哲喆 修脩 秋秌 梅槑楳 兴興 会會 伟偉 仙僊 众眾 个個 优優 伦倫 俭儉
刚剛 动動 劳勞 勋勛勳 协協 单單 双雙 县縣 变變 听聽 园園 团團 图圖 圣聖 坚堅 坛壇 处處 备備 实實
审審 宽寬 宾賓 对對 寻尋 导導 寿壽 将將 尔爾 尘塵 岁歲 岗崗 岭嶺 巩鞏 师師 帅帥 应應 弥彌 归歸
当當 录錄 彦彥 态態 怀懷 总總 恋戀 悦悅 惊驚 愿願 战戰 户戶 执執 扬揚 护護 报報 择擇 据據 数數
断斷 无無 旧舊 时時 显顯 晓曉 晔曄 晖暉 术術 机機 来來 极極 构構 枢樞 标標 样樣 档檔 检檢 欢歡
欧歐 气氣 沪滬 泪淚 涛濤 涌湧 温溫 湾灣 满滿 灵靈 点點 炽熾 热熱
""".split()

SOUNDS = """
英瑛莹盈樱鹰 兰蓝栏澜岚 芝枝之知支 珍真贞桢祯珎 华花骅 发法 桂贵 清青轻卿 生升声晟 凤风丰枫 娥鹅 姣娇
腊蜡 明铭鸣名 香湘乡相 友有又幼右 付傅富福 肖萧晓小 占詹 阎闫严言炎岩延 邱丘秋 戴代 余于俞鱼玉裕 国果
建健剑见 军君均钧 红洪宏鸿虹 志智治至致 伟维玮 平萍苹 玲琳铃灵凌林临霖 丽莉利立李黎力 秀绣修 梅玫 霞侠夏
云芸耘 琴勤秦芹 芳方 芬分 敏民 燕艳雁彦 金今锦巾 银寅吟 荣容蓉融 元园圆源袁原媛 德得 文纹汶 财才材 春椿
冬东栋 月岳悦 仙先鲜贤 莲连廉涟 菊局 桃陶涛 娣弟地第 喜禧熙 细戏系 早枣 保宝堡 坤昆 全泉权 传川 昌长常
新欣心辛鑫 光广 正政振镇 世士仕市事 汉翰 义意毅易益 珊山杉 龙隆 祥详翔 和何河荷合贺 静靖敬 洁杰捷节
佩培沛 惠慧会 淑叔书树 辉晖 斌彬宾 永勇咏 刚钢 胜圣盛 学雪 锋峰 卫魏 程成诚承 张章 徐许 吴武伍五
朱诸珠 陆路卢鲁 石时史实 沈申 汪王旺 江姜 尹殷 童佟 游尤 祁齐琪奇其 柱竹 田甜天 大达 加佳家嘉 业叶
苏素 爱艾 继吉纪 厚后 良梁亮 炳丙秉 宜怡仪 四思 桥乔 婷庭亭廷 涂屠 柯科 谢解 曾增 熊雄 罗洛 蔡菜
唐堂 钟忠中
""".split()

LOOKS = """
土士 己已巳 未末 日曰 枝技 桂柱 侯候 治冶 睛晴 宏宠 娣梯 材村 明朋 余佘 姣校 珍诊 秀季 王玉 太大
干千于 天夫 生主 正止 仁任 友发 水永 全金 光先 洗先 荣菜 容客 贞员 早旱 幼幻 财材 林村 炳柄 由甲申
石右 万方 芝乏 兰三 冬各 春眷 桃挑 清请情 贵责 珠株 根银 素索 福副 祥样 民良 建健 刚钢 辉挥 敏繁
陈阵 汪江 徐涂 肖背 袁表 秦奏 郑关 冯马 宋宗 章童 洪供 田由 丁了 小少 元无 文丈 木本术 来耒 保堡
坤绅 培陪 佩珮 梁粱 汉汊 淑椒 婷停 晏宴 茂芪 莲连 菊掬 柏拍 杨扬 徽微 崇祟 旺汪 昌冒 胜性 琴琹
瑞端 禄绿 钦饮 铃玲 锦绵 镇慎
""".split()

_MARKS = "?？*＊□■〇○×某"


def _first_of_group(groups: list[str]) -> dict[str, str]:
    folds: dict[str, str] = {}
    for group in groups:
        for character in group[1:]:
            folds.setdefault(character, folds.get(group[0], group[0]))
    return folds


FORM_OF = _first_of_group(FORMS)
SOUND_OF = _first_of_group(SOUNDS)
LOOK_PAIRS = frozenset(
    pair for group in LOOKS for one, other in combinations(group, 2) for pair in (one + other, other + one)
)
UNREADABLE = "?"


def is_mark_of_loss(character: str) -> bool:
    """Whether the character says that another one was lost: a question mark, a star, a box."""
    return character in _MARKS


def same_sound_or_look(one: str, other: str) -> bool:
    """Whether two different characters are in the tables as written for one another."""
    return SOUND_OF.get(one, one) == SOUND_OF.get(other, other) or one + other in LOOK_PAIRS
