// Taking today's visits along, leaving nothing behind at the end, and whose it is that lies here.
import * as store from "./store.js";
import { DAY, OFFLINE, OTHER, SIGNED_OUT, VISIT, posted, token } from "./sending.js";
import { again, begun, pending } from "./visit.js";

export const unsent = async () => (await store.all(VISIT)).filter((one) => pending(one) || one.finish || one.photos.some((photo) => !photo.sent));

// Gives what was taken, or how it failed. What another account left and did not send is not touched.
export async function take(addresses) {
  const who = await token(addresses);
  if (who.kind) return who;
  const before = await store.get(DAY);
  if (before && before.account !== who.account) {
    if ((await unsent()).length) return { kind: OTHER, name: before.name };
    await store.wipe();
  }
  const taken = await posted(addresses.take, {}, who.token);
  if (taken.kind) return taken;
  const { visits, ...day } = taken;
  await store.put(DAY, { ...day, scales: { ...before?.scales, ...day.scales } });
  for (const one of visits) {
    const known = await store.get(VISIT + one.id);
    await store.put(VISIT + one.id, known ? again(known, one) : begun(one));
  }
  await dropped(new Set(visits.map((one) => one.id)));
  return { kind: "", number: visits.length };
}

// Visits that somebody else goes to now, and of which nothing is unsent here.
async function dropped(here) {
  const waiting = new Set((await unsent()).map((one) => one.id));
  const gone = (await store.all(VISIT)).filter((one) => !here.has(one.id) && !waiting.has(one.id));
  await store.remove(...gone.map((one) => VISIT + one.id));
}

// Who asks is its owner (""), or what stands in the way. What another account left and had sent whole is wiped.
export async function opened(addresses) {
  const who = await token(addresses);
  return who.kind || ofAccount(who.account);
}

export async function ofAccount(account) {
  const before = await store.get(DAY);
  if (before && before.account !== account) {
    if ((await unsent()).length) return OTHER;
    await store.wipe();
  }
  await store.unlock();
  return "";
}

export const waits = (kind) => kind === OFFLINE || kind === SIGNED_OUT;

// All of it: what is about people, the key, the empty page with its files.
export async function left(addresses) {
  if (await store.there()) await store.wipe();
  const names = globalThis.caches ? (await caches.keys()).filter((name) => name.startsWith("songhe-field-")) : [];
  await Promise.all(names.map((name) => caches.delete(name)));
  await (await navigator.serviceWorker?.getRegistration(addresses.visits))?.unregister();
}

// The page itself, to be there without signal.
export async function rooted(addresses) {
  if (!("serviceWorker" in navigator)) return false;
  const known = await navigator.serviceWorker.register(addresses.worker, { scope: addresses.visits });
  const worker = known.installing ?? known.waiting ?? known.active;
  if (worker.state === "activated") return true;
  return new Promise((done) => worker.addEventListener("statechange", () => {
    if (worker.state === "activated") done(true);
    if (worker.state === "redundant") done(false);
  }));
}
