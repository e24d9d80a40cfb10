"""The pages' own words in both languages."""

from collections.abc import Mapping
from typing import TypeAlias

Words: TypeAlias = Mapping[str, str]

PAIRS: dict[str, tuple[str, str]] = {
    # A campaign's state.
    "parsing": ("being read", "正在解析"),
    "planned": ("about to begin", "即将发送"),
    "held": ("on hold", "等待中"),
    "sending": ("being sent", "发送中"),
    "halting": ("stopping", "正在停止"),
    "paused": ("sending paused for all", "整个系统已暂停发送"),
    "closing": ("report being written", "正在生成报告"),
    "closed": ("closed", "已结束"),
    # A campaign's outcome.
    "completed": ("completed", "已完成"),
    "halted": ("halted", "已中止"),
    "cancelled_campaign": ("cancelled", "已取消"),
    "withdrawn": ("withdrawn", "已撤回"),
    "too_old": ("too old", "已超期"),
    "test": ("tested", "测试完成"),
    "refused_file": ("not sent", "未发送"),
    "duplicate_file": ("a copy: not sent", "重复文件，未发送"),
    "repeated": ("had before: not sent", "均已发过，未发送"),
    "preview": ("preview: not sent", "仅预览，未发送"),
    # What becomes of a row.
    "sent": ("sent", "已发送"),
    "refused": ("refused", "服务商拒绝"),
    "unconfirmed": ("unconfirmed", "未确认"),
    "cancelled": ("cancelled", "已取消"),
    "pending": ("to be sent", "待发送"),
    "duplicates": ("duplicates", "重复"),
    "suppressed": ("suppressed", "已退订"),
    "rejected": ("rejected", "未通过检查"),
    "sent_twice": ("of these sent twice", "其中重复发送"),
    # What carriers say of a text.
    "delivery": ("Delivered", "送达情况"),
    "delivered": ("delivered", "已送达"),
    "undelivered": ("undelivered", "未送达"),
    "receipt_pending": ("receipt to come", "等待回执"),
    "no_receipt": ("no receipt", "无回执"),
    "receipts_to_come": (
        "receipts are looked up from five minutes after the end on",
        "结束五分钟后开始查询回执",
    ),
    "receipts_so_far": (
        "as of {0}, Beijing time; looked up again until three days after the end",
        "截至北京时间 {0}，结束后三天内还会再次查询",
    ),
    "receipts_final": ("as of {0}, Beijing time; final", "截至北京时间 {0}，为最终结果"),
    "receipts_none": ("receipts could not be looked up", "未能查询到回执"),
    "causes": ("Why texts were not delivered", "未送达的原因"),
    # Titles.
    "rows": ("Rows", "行数"),
    "of_rows": ("{0} rows, {1} to be sent to", "共 {0} 行，可发送 {1} 位收件人"),
    "estimate": ("estimated from a sample of the batches", "按批次抽样估算"),
    "the_text": ("The first text", "首条短信"),
    "no_text": ("The first recipient's params", "首位收件人的模板参数"),
    "pace": ("Texts a minute", "每分钟发送量"),
    "a_minute": ("a minute", "条/分钟"),
    "rate": ("{0} texts a minute", "每分钟 {0} 条"),
    "left": ("about {0} left", "约剩 {0}"),
    "seconds": ("{0} s", "{0} 秒"),
    "minutes": ("{0} min", "{0} 分钟"),
    "hours": ("{0} h", "{0} 小时"),
    "reasons": ("Why rows were not sent", "未发送的原因"),
    "more_reasons": ("{0} rows for other reasons", "其他原因 {0} 行"),
    "campaign": ("Campaign", "任务"),
    "problems": ("What to know", "注意事项"),
    "files": ("Files", "文件"),
    "files_note": ("in the same folder", "在同一文件夹中"),
    # Facts.
    "id": ("Campaign id", "任务 ID"),
    "file": ("File", "文件"),
    "template_code": ("Template code", "模板 CODE"),
    "sign_name": ("Sign name", "签名"),
    "encoding": ("Encoding", "编码"),
    "dropped_by": ("Dropped by", "上传者"),
    "paused_by": ("Paused by", "暂停者"),
    "approved_by": ("Approved by", "审批者"),
    "start": ("Start", "开始时间"),
    "until": ("Until", "截止时间"),
    "window": ("Hours", "发送时段"),
    "approve": ("Needs approval", "需要审批"),
    "only": ("Only", "仅"),
    "canary": ("Go ahead", "试投"),
    "canary_found": ("Receipts of those ahead", "试投回执"),
    "canary_counts": (
        "of {0:,}: delivered {1:,}, not delivered {2:,}, without a receipt {3:,}",
        "{0:,} 位收件人中送达 {1:,}，未送达 {2:,}，无回执 {3:,}",
    ),
    "resumed_by": ("Others let go by", "批准发送其余部分"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "segments": ("Billed segments, estimated", "计费条数（估算）"),
    "price": ("Price, estimated", "费用（估算）"),
    "started_at": ("Taken up", "接收时间"),
    "finished_at": ("Last text or end", "结束时间"),
    "written": ("As of {0}, Beijing time", "截至北京时间 {0}"),
    # The list of campaigns.
    "index": ("Campaigns", "任务一览"),
    "for_a_person": ("Waiting for a person", "等待人工处理"),
    "open": ("Open", "进行中"),
    "ended": ("Ended in the last days", "最近结束"),
    "none": ("No campaign is open.", "没有进行中的任务。"),
    "report": ("Report", "报告"),
    "not_shown": ("{0} more are not shown.", "另有 {0} 个未显示。"),
}

LANGUAGES = ("en", "zh")


def words_of(language: str) -> Words:
    at = LANGUAGES.index(language)
    return {name: pair[at] for name, pair in PAIRS.items()}


FEW = 100
"""Our choice: this many seconds are shown in minutes, and this many minutes in hours."""


def duration(seconds: int, words: Words) -> str:
    """Say a duration as exactly as a reader needs it."""
    if seconds < FEW:
        return words["seconds"].format(seconds)
    minutes = round(seconds / 60)
    if minutes < FEW:
        return words["minutes"].format(minutes)
    return words["hours"].format(f"{minutes / 60:.1f}")
