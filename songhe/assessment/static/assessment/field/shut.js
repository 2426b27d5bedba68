// Nothing is opened: nobody is signed in since the sign-in page was shown, or it belongs to another account.
import { addresses, button, el, link, w } from "./dom.js";
import { frame } from "./frame.js";
import { OTHER } from "./sending.js";

export function shutScreen(app) {
  const other = app.shut.kind === OTHER, signIn = `${addresses.signIn}?next=${encodeURIComponent(addresses.visits)}`;
  const words = other ? w("otherKept", { number: app.shut.number }) : w("locked");
  const foot = [other ? link(w("toDay"), addresses.day) : link(w("signIn"), signIn, "primary")];
  return frame({ back: addresses.day, title: w("today"), second: "", strip: false, foot }, el("h1", {}, w("visits")), el("p", {}, words), other && asked(app));
}

function asked(app) {
  if (!app.shut.asked) return button(w("clearAway"), () => { app.shut.asked = true; app.draw(); });
  return el("div", { class: "sh-f-note sh-f-note--due", role: "alert" }, el("p", {}, w("clearAsk")),
    button(w("clearDo"), app.clear), button(w("clearNot"), () => { app.shut.asked = false; app.draw(); }));
}
