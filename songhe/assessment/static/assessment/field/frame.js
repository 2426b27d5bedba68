// What stands around every screen, and what the page knows: `day`, `visits` in memory, whether there is signal.
import { addresses, clock, el, icon, w } from "./dom.js";
import { pending } from "./visit.js";

export const app = { day: null, visits: new Map(), shut: null, signal: navigator.onLine, state: "", done: "" };

export function madeStrip() {
  const open = [...app.visits.values()], at = open.map((one) => one.saved).filter(Boolean).sort().pop();
  const number = open.reduce((sum, one) => sum + pending(one), 0);
  const time = at ? clock(at) : "";
  if (app.state) {
    const words = w(app.state, { name: app.day?.name ?? "" });
    const signIn = `${addresses.signIn}?next=${encodeURIComponent(addresses.visits)}`;
    return el("div", { role: "status", class: "sh-f-strip sh-f-strip--off" }, icon("lock"), el("span", {}, words), app.state === "signedOut" && el("a", { href: signIn }, w("signIn")));
  }
  if (!app.signal) return el("div", { role: "status", class: "sh-f-strip sh-f-strip--off" }, icon("wifi-off"), el("span", {}, time ? w("offlineSaved", { time }) : w("offline")));
  return el("div", { role: "status", class: "sh-f-strip" }, icon(number ? "upload" : "check"), el("span", {}, number ? w("toSend", { number, time }) : w("allSent")));
}

export function frame({ back, title, second, right, foot, kind = "", strip = true }, ...inside) {
  const head = el("header", { class: "sh-f-head" },
    el("a", { class: "sh-f-head__back", href: back, "aria-label": w("back") }, icon("chevron-left")),
    el("div", { class: "sh-f-head__words" }, el("b", {}, title), el("span", {}, second)), right);
  const main = el("main", { class: `sh-f-main ${kind}`, id: "sh-main" }, ...inside);
  return [head, strip && madeStrip(), main, foot && el("footer", { class: "sh-f-foot" }, ...foot)];
}
