// Time left, by the server's clock: the PC's may be wrong by hours.

import { h } from "./dom.js";
import { moment, t } from "./i18n.js";

/** Minutes left at which the time is also read out. */
const SAID_AT = [10, 5, 1];

/** {node, stop}: counts down to `deadline`; both are ISO times of the server. */
export function countdown(deadline, serverTime) {
  // A monotonic clock: changing the PC's time does not move the deadline.
  const offset = Date.parse(serverTime) - performance.now();
  const end = Date.parse(deadline);
  const shown = h("span", { class: "ix-w-timer-time", "aria-hidden": "true" });
  const said = h("span", { class: "ix-w-hidden", role: "status" });
  const node = h("p", { class: "ix-w-timer" }, shown, said);
  let before = Infinity;

  function tick() {
    const seconds = Math.max(0, Math.ceil((end - performance.now() - offset) / 1000));
    const minutes = Math.floor(seconds / 60);
    if (seconds === 0) {
      shown.textContent = t("Đã hết giờ – câu trả lời sau giờ này được giữ lại nhưng ghi là muộn");
      said.textContent = shown.textContent;
      node.classList.add("ix-w-timer-over");
      clearInterval(timer);
      return;
    }
    shown.textContent = left(minutes, String(seconds % 60).padStart(2, "0"));
    const passed = SAID_AT.find((mark) => before > mark * 60 && seconds <= mark * 60);
    if (passed !== undefined && before !== Infinity) said.textContent = t("Còn {minutes} phút", { minutes: passed });
    before = seconds;
  }

  // Nobody reads 4319:00: a day or more is told by its end.
  function left(minutes, seconds) {
    if (minutes >= 24 * 60) return t("Nộp trước {time}", { time: moment(deadline) });
    const hours = Math.floor(minutes / 60);
    const long = `${hours}:${String(minutes % 60).padStart(2, "0")}:${seconds}`;
    return t("Còn lại {time}", { time: minutes >= 120 ? long : `${minutes}:${seconds}` });
  }

  const timer = setInterval(tick, 1000);
  tick();
  return { node, stop: () => clearInterval(timer) };
}
