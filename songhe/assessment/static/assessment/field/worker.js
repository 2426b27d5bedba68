// The service worker: keeps the empty page and its files, nothing about anybody. VERSION, FILES and PAGE stand before.
const CACHE = `songhe-field-${VERSION}`, OURS = "songhe-field-";

self.addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  await Promise.all(FILES.map((file) => kept(cache, new Request(file, { cache: "reload", credentials: "same-origin" }))));
  await self.skipWaiting();
})()));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

// A page of the sign-in stands at another address: only what was asked for is kept.
async function kept(cache, request) {
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) await cache.put(request.url, answer.clone());
  return answer;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname === PAGE) event.respondWith(page(event));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(event.request));
});

async function page(event) {
  const cache = await caches.open(CACHE), known = await cache.match(new URL(PAGE, location.origin).href);
  const anew = kept(cache, new Request(PAGE, { cache: "reload", credentials: "same-origin" }));
  if (!known) return anew;
  event.waitUntil(anew.catch(() => null));
  return known;
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request.url)) ?? kept(cache, request);
}
