"""A part that is more than its whole: ``1.260/1.250 hồ sơ``, ``130 hồ sơ trong tổng số 120``."""

from __future__ import annotations

import itertools

from .quantity import Quantity
from .ratios import scale_told
from .reading import Reading
from .words import Text


def more_than_all(reading: Reading) -> Quantity | None:
    """``1.260/1.250 hồ sơ``, ``130 hồ sơ trong tổng số 120``, ``giảm 5 hồ sơ so với 3 hồ sơ``."""
    text = reading.text
    for quantity in reading.quantities:
        if quantity.total is not None and quantity.high > quantity.total:
            return quantity
        scale = scale_told(text)
        if (
            scale
            and quantity.high > scale[1]
            and (quantity.kind == "bare" or text.says(quantity.number_last, "điểm", "sao"))
        ):
            return quantity  # "tính trên thang 5, … 5,5"
    for whole, part in itertools.pairwise(reading.quantities):
        told_all = any(
            text.sequence(whole.first - 2, *words)
            for words in (("tất", "cả"), ("tổng", "cộng"), ("cả", "thảy"))
        )
        told_all = told_all or text.says(whole.first - 1, "tổng") or _opens_with_all(text, whole)
        whole_of = text.says(whole.first - 1, "có") and text.says(whole.first - 3, "toàn", "cả")
        own = any(
            text.sequence(part.last, word, place) for word in ("của", "trong") for place in ("xã", "phường")
        )
        told_all = told_all or (whole_of and own)
        within = told_all or any(
            text.sequence(at, "trong", "số", word)
            for at in range(part.first - 3, part.last + 3)
            for word in ("đó", "này", "ấy")
        )
        within = within or text.sequence(part.first - 2, "trong", "đó")
        if within and part.kind == whole.kind == "count" and _same_unit(part, whole) and part.low > whole.low:
            return part  # "có 11 công chức, … 13 công chức trong số đó"
    for part, whole in itertools.pairwise(reading.quantities):
        between = range(part.last, whole.first)
        of_all = any(
            text.says(at, "trong", "trên")
            and text.says(at + 1, "tổng", "số")
            and not text.says(at + 2, "đài")
            for at in between
        )
        among = text.says(part.first - 1, "trong") and text.among(
            between, "có", "phải", "đúng", "đạt", "xong", "giải", "trả", "xử", "được"
        )
        given = text.says(part.first - 1, "giao") and text.says(whole.first - 1, "xong")
        among = among or given  # "đã giao 9 việc, phải xong 11 việc"
        same = part.kind == "count" and (
            (whole.kind == "count" and _same_unit(part, whole)) or _says_again(text, part, whole)
        )
        if _of_each(text, part, whole, reading) and whole.low > part.low:
            return whole
        if among and same and whole.low > part.low:  # "trong 150 hồ sơ có 160 hồ sơ …"
            return whole
        ahead = text.sequence(part.first - 3, "trong", "tổng", "số") or text.sequence(
            part.first - 2, "trong", "số"
        )
        ahead = ahead and text.bare(whole.first - 1) != "("
        if ahead and part.kind == whole.kind == "count" and _same_unit(part, whole) and whole.low > part.low:
            return whole  # "trong tổng số 640 hồ sơ chứng thực …, trả đúng hẹn 655 hồ sơ"
        if _stands_on(text, part, whole) and part.low > whole.low:
            return part
        of_all = of_all or _is_cut_out_of(text, part, whole)
        if of_all and part.kind == whole.kind and part.kind in {"count", "minutes"} and part.low > whole.low:
            return part
    for base, target in reading.roles.pairs:
        falls = text.among(range(max(0, target.first - 4), target.first), "giảm", "rút", "bớt", "cắt")
        same = target.kind == base.kind and target.kind in {"count", "minutes"}
        if falls and same and target in reading.roles.changes and target.low > base.low:
            return target
    return None


def cut_out_of(reading: Reading) -> tuple[Quantity, ...]:
    """``Bớt 6 trong số 10 mẫu đơn``, ``cắt 3 ngày trong 8 ngày đang dùng``: what goes, and what it is cut out of."""
    for one in reading.quantities:
        if (
            one.total is not None
            and one.low < one.total
            and one.kind in {"count", "bare"}
            and reading.text.kind(one.first) == "number"  # "cắt 1/3 thời gian": a share
            and _is_cut(reading.text, one)
        ):
            return (one,)
    for part, whole in itertools.pairwise(reading.quantities):
        alike = part.kind == whole.kind or part.kind == "bare"
        if alike and whole.kind in {"count", "minutes"} and _is_cut_out_of(reading.text, part, whole):
            return part, whole
    return ()


def _is_cut(text: Text, part: Quantity) -> bool:
    """``bớt 6 …``, ``cắt bỏ 2 …``; not ``giảm 2/3 số …``, a share."""
    return text.says(part.first - 1, "cắt", "bớt", "rút", "bỏ") or text.sequence(
        part.first - 2, "cắt", "giảm"
    )


def _is_cut_out_of(text: Text, part: Quantity, whole: Quantity) -> bool:
    between = range(part.last, whole.first)
    cut = _is_cut(text, part) or text.says(part.first - 1, "giảm")
    of_it = [at for at in between if text.says(at, "trong", "trên")]
    only = all(text.says(at, "trong", "trên", "số", "tổng") for at in between)
    return cut and bool(of_it) and only


def _of_each(text: Text, whole: Quantity, part: Quantity, reading: Reading) -> bool:
    """``Cứ 10 người nộp hồ sơ thì 12 người nộp qua mạng``: so many of so many."""
    gap = range(whole.last, part.first)
    then = [at for at in gap if text.says(at, "thì")]
    counted = part.kind == whole.kind == "count" and _same_unit(part, whole)
    later = text.among(gap, "nay", "năm", "trước", "sau")
    return bool(then) and counted and not later and not reading.roles.pairs


def _same_unit(one: Quantity, other: Quantity) -> bool:
    """``hồ sơ`` and ``hồ sơ chứng thực``: the shorter name is the longer one's beginning."""
    short, long = sorted((one.unit.casefold(), other.unit.casefold()), key=len)
    return bool(short) and (long.startswith(short) or short.startswith("người") or long.startswith("người"))


def _opens_with_all(text: Text, whole: Quantity) -> bool:
    """``Cả 100 lượt chấm … thì 104 lượt``: all there are, at the head of the sentence."""
    return whole.first == 1 and text.says(0, "cả")


def _says_again(text: Text, part: Quantity, whole: Quantity) -> bool:
    """``trong 240 sổ gốc … 260 sổ``: the same noun, though nothing follows that makes it a unit."""
    noun = text.bare(part.number_last)
    return whole.kind == "bare" and bool(noun) and noun == text.bare(whole.number_last)


def _stands_on(text: Text, part: Quantity, whole: Quantity) -> bool:
    """``6 trong 4 suất``, ``13 trên 11 ngõ``, ``40 trên tối đa 35 điểm``."""
    direct = whole.number_last - part.last <= 4 and text.says(part.last, "trong", "trên")
    only = all(text.says(at, "trong", "trên", "tối", "đa") for at in range(part.last, whole.first))
    return direct and only and part.kind == "bare" and whole.kind == "count" and not part.limit
