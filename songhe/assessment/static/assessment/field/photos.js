// Photos: only after somebody agreed, at most three, made small before they are kept.
import * as store from "./store.js";
import { button, el, moment, w } from "./dom.js";
import { frame } from "./frame.js";
import { backTo, team, who } from "./overview.js";
import { PHOTO } from "./sending.js";

const MOST = 3, EDGE = 1280;
let agreed = "";

export function photosScreen(app, visit) {
  const consent = [["self", w("agreedSelf")], ["guardian", w("agreedGuardian")]].map(([value, words]) => el("label", { class: "sh-f-tick" },
    el("input", { type: "checkbox", name: "agreed", checked: agreed === value, onchange: (event) => { agreed = event.target.checked ? value : ""; app.draw(); } }), el("span", {}, words)));
  const take = el("label", { class: "sh-f-button sh-f-button--primary sh-f-file" }, w("takePhoto"),
    el("input", { type: "file", accept: "image/*", capture: "environment", onchange: (event) => taken(app, visit, event.target.files[0]) }));
  return frame({ back: `#/${visit.id}`, title: who(visit), second: team(visit), foot: [backTo(visit)] },
    el("h1", {}, w("photos")), el("p", {}, w("photosHelp")), el("fieldset", { class: "sh-f-grid" }, el("legend", {}, w("agreed")), consent),
    visit.photos.length >= MOST ? el("p", { class: "sh-f-note" }, w("photosFull")) : agreed ? take : el("p", { class: "sh-f-second" }, w("agreeFirst")),
    el("ul", { class: "sh-f-photos" }, visit.photos.map((one) => shown(app, visit, one))));
}

function shown(app, visit, one) {
  const picture = el("img", { alt: w("photoAt", { time: moment(one.at) }) });
  store.get(PHOTO + one.id).then((kept) => { if (kept) picture.src = kept.image; });
  return el("li", {}, picture, el("span", {}, moment(one.at)), one.sent ? el("span", {}, w("sent")) : button(w("remove"), async () => {
    visit.photos = visit.photos.filter((other) => other.id !== one.id);
    await app.keep(visit);
    await store.remove(PHOTO + one.id);
    app.draw();
  }));
}

async function taken(app, visit, file) {
  if (!file || visit.photos.length >= MOST) return;
  let image;
  try { image = await small(file); } catch { app.tell(w("noPhoto")); return; }
  const one = { id: crypto.randomUUID(), consent: agreed, at: new Date().toISOString(), sent: false };
  await store.put(PHOTO + one.id, { image });
  visit.photos.push(one);
  visit.saved = one.at;
  await app.keep(visit);
  app.draw();
  app.sync();
}

// A JPEG of at most 1280 pixels, drawn anew: where and with what it was taken is not in it any more.
async function small(file) {
  const picture = await createImageBitmap(file), scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
  const canvas = el("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  for (const quality of [0.8, 0.6, 0.4]) {
    const image = canvas.toDataURL("image/jpeg", quality);
    if (image.length < 900000) return image;
  }
  throw new Error("too large");
}
