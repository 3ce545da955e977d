// Verify the signed code behind "#" in this browser: v1.<key id>.<payload>.<signature>, Ed25519. Nothing of it is
// sent anywhere, except to ask whether the cover runs today, and only when there is a network.
const place = document.getElementById("card");
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const show = (name, words = {}) => {
  const part = document.getElementById(`say-${name}`).content.cloneNode(true);
  for (const slot of part.querySelectorAll("[data-slot]")) slot.textContent = words[slot.dataset.slot] ?? "";
  place.replaceChildren(part);
};
const day = (number) => (number ? new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" })
  .format(Date.UTC(Math.floor(number / 10000), Math.floor(number / 100) % 100 - 1, number % 100)) : "…");

async function check() {
  const text = location.hash.slice(1);
  if (!text) return show("nothing");
  const parts = text.split(".");
  if (parts.length !== 4 || parts[0] !== "v1") return show("unreadable");
  let keys;
  try {
    keys = (await (await fetch(place.dataset.keys)).json()).keys;
  } catch {
    return show("no-keys");
  }
  const key = keys.find((one) => one.kid === parts[1]);
  if (!key) return show("forged");
  let genuine;
  try {
    const imported = await crypto.subtle.importKey("jwk", { kty: key.kty, crv: key.crv, x: key.x }, { name: "Ed25519" }, false, ["verify"]);
    genuine = await crypto.subtle.verify({ name: "Ed25519" }, imported, bytes(parts[3]), new TextEncoder().encode(parts.slice(0, 3).join(".")));
  } catch {
    genuine = (await today(text))?.genuine; // an old browser cannot: the office is asked instead
    if (genuine === undefined) return show("cannot");
  }
  if (!genuine) return show("forged");
  const [serial, initials, tail, , first, until, programmes] = JSON.parse(new TextDecoder().decode(bytes(parts[2])));
  show("genuine", { serial, initials, tail, first: day(first), until: day(until), programmes: programmes.split("+").join(", ") });
  const runs = (await today(text))?.runs;
  const line = document.getElementById(runs === true ? "runs" : runs === false ? "ended" : "unknown");
  if (line) line.hidden = false;
}

async function today(text) {
  try {
    const answer = await fetch(place.dataset.today, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ card: text }), credentials: "omit" });
    return await answer.json();
  } catch {
    return null;
  }
}

addEventListener("hashchange", check);
check();
navigator.serviceWorker?.register(place.dataset.worker, { scope: "/k" }).catch(() => {});
