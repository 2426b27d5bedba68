// Imported by nobody: it has two addresses.
// The page without signal: which screen the address names, one visit in memory, and handing over when there is signal.
import * as store from "./store.js";
import { addresses, el, link, w } from "./dom.js";
import { app, madeStrip } from "./frame.js";
import { CONFLICTS, DAY, DONE, ELSEWHERE, OFFLINE, OTHER, REFUSED, SIGNED_OUT, UNSIGNED, VISIT, upload } from "./sending.js";
import { pending, set } from "./visit.js";
import { left, opened, rooted, unsent, waits } from "./taking.js";
import { basicsScreen } from "./basics.js";
import { conflictsScreen } from "./conflicts.js";
import { itemScreen, noteScreen } from "./items.js";
import { listScreen, overviewScreen } from "./overview.js";
import { shutScreen } from "./shut.js";
import { photosScreen } from "./photos.js";
import { finishScreen, signScreen } from "./signing.js";

const SCREENS = { "": overviewScreen, item: itemScreen, note: noteScreen, basics: basicsScreen, photos: photosScreen, sign: signScreen,
  finish: finishScreen, conflicts: conflictsScreen };
const SOON = 1500, AGAIN = 60000, SAYING = { [SIGNED_OUT]: "signedOut" };
const root = document.getElementById("field"), said = document.getElementById("field-said");
Object.assign(app, { keep, change, draw, go, sync, tell, clear });
let timer = 0, running = null, taken = false;

function go(hash) {
  if (location.hash === hash) draw();
  else location.hash = hash;
}

function tell(words) {
  said.textContent = words;
}

// Writes the visit down; only then goes anything on.
async function keep(visit) {
  try { await store.put(VISIT + visit.id, visit); } catch (problem) {
    tell(w("notKept"));
    app.state = "notKept";
    draw();
    throw problem;
  }
}

// Gives whether the same screen still stands: then it is drawn anew.
async function change(visit, field, value) {
  const here = location.hash;
  set(visit, field, value);
  await keep(visit);
  strip();
  later(SOON);
  return location.hash === here;
}

const typing = () => Boolean(document.activeElement?.matches("textarea, input:not([type='radio'], [type='checkbox'])"));

function later(span) {
  clearTimeout(timer);
  timer = setTimeout(sync, span);
}

// One handing over at a time; whoever asks meanwhile waits for one more.
async function sync() {
  clearTimeout(timer);
  while (running) await running;
  running = syncAll();
  try { await running; } finally { running = null; }
  if ([...app.visits.values()].some((one) => pending(one) || one.finish)) later(AGAIN);
}

async function syncAll() {
  if (taken || !app.day) return;
  let ended = "";
  for (const visit of [...app.visits.values()]) {
    const before = JSON.stringify([visit.now, visit.conflicts, visit.finish]);
    ended = await upload(visit, app.day, addresses);
    if (ended === DONE) { app.visits.delete(visit.id); app.done = visit.name; await lastGone(); }
    app.signal = ended !== OFFLINE;
    app.state = SAYING[ended] ?? (app.state === "notKept" ? app.state : "");
    if (ended === OTHER) { await shut(OTHER); return; }
    if ([OFFLINE, SIGNED_OUT].includes(ended)) break;
    after(visit, ended, before);
  }
  strip();
}

async function lastGone() {
  if (app.visits.size) return;
  app.day = null;
  await store.wipe();
}

function after(visit, ended, before) {
  const here = location.hash.split("/")[1] === visit.id;
  if (ended === DONE) { tell(w("handedIn", { name: visit.name })); go("#/"); draw(); return; }
  if (!here) return;
  if (ended === CONFLICTS && !location.hash.endsWith("/conflicts")) go(`#/${visit.id}/conflicts`);
  else if ([UNSIGNED, REFUSED, ELSEWHERE].includes(ended)) { tell(visit.message || w("signAgain")); draw(); }
  else if (!typing() && before !== JSON.stringify([visit.now, visit.conflicts, visit.finish])) draw();
}

function strip() {
  const place = root.querySelector(".sh-f-strip");
  if (!place) return;
  const made = madeStrip();
  place.className = made.className;
  if (place.textContent !== made.textContent) place.replaceChildren(...made.childNodes);
}

function draw() {
  const [, id, name = "", number] = location.hash.split("/"), visit = app.visits.get(id);
  const made = app.shut ? shutScreen(app) : visit && app.day && SCREENS[name] ? SCREENS[name](app, visit, Number(number ?? 0)) : listScreen(app);
  root.replaceChildren(...made.filter(Boolean));
}

function shown() {
  draw();
  scrollTo(0, 0);
  const head = root.querySelector("h1");
  if (head) { head.tabIndex = -1; head.focus({ preventScroll: true }); }
}

// Locked at the sign-in page, or somebody else is signed in: nobody's name is shown.
async function shut(kind) {
  app.day = null;
  app.visits.clear();
  app.shut = { kind, number: (await unsent()).length };
  shown();
}

async function clear() {
  await left(addresses);
  location.replace(addresses.day);
}

async function begin() {
  if (await store.locked()) {
    const stands = await opened(addresses);
    if (stands) { addEventListener("online", () => location.reload()); await shut(waits(stands) ? stands : OTHER); return; }
  }
  app.day = await store.get(DAY);
  for (const visit of await store.all(VISIT)) app.visits.set(visit.id, visit);
  addEventListener("hashchange", () => { app.done = ""; shown(); });
  addEventListener("online", () => { app.signal = true; sync(); });
  addEventListener("offline", () => { app.signal = false; strip(); });
  shown();
  rooted(addresses).catch(() => false);
  await sync();
}

// Two windows of one device would write over each other: the later one goes on.
navigator.locks.request("songhe-field", { steal: true }, () => new Promise(() => { begin(); })).catch(() => {
  taken = true;
  root.replaceChildren(el("main", { class: "sh-f-main" }, el("h1", {}, w("otherWindow")), link(w("openHere"), addresses.visits)));
});
