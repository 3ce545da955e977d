// What a page can do without, and is quicker with.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    const field = document.getElementById("search");
    if (field) { event.preventDefault(); field.focus(); field.select(); }
  }
  if (event.key === "Escape") {
    const open = event.target.closest("details[open]");
    if (open && open.closest(".topbar")) { open.open = false; open.querySelector("summary").focus(); }
  }
});
// A menu of the top bar closes when something else is pressed.
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll(".topbar details[open]")) if (!open.contains(event.target)) open.open = false;
});
// A filter takes effect when it is chosen; the button stays for those without script.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  if (event.target.matches("[data-all]")) {
    for (const box of document.querySelectorAll(`input[name="${event.target.dataset.all}"]:not(:disabled)`)) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-all], [data-counted]")) {
    const name = event.target.dataset.all || event.target.name;
    const chosen = document.querySelectorAll(`input[name="${name}"]:checked`).length;
    for (const place of document.querySelectorAll("[data-chosen]")) place.textContent = new Intl.NumberFormat("id").format(chosen);
  }
});
// One press is enough: the second one of a double click is not sent.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 4000);
});
// On a telephone a row of a table becomes a block; each cell then carries the words of its head.
// Tables with two rows of heads, and without script all others, scroll sideways instead.
function labelled() {
  for (const table of document.querySelectorAll("table.t:not(.work,.flow,.rows,.boxes,.tight,.stack)")) {
    const heads = table.tHead && table.tHead.rows.length === 1 ? [...table.tHead.rows[0].cells] : [];
    if (heads.length < 3 || heads.some((head) => head.colSpan > 1)) continue;
    const words = heads.map((head) => (head.querySelector(".visually-hidden") ? "" : head.textContent.trim()));
    const rows = [...table.tBodies, ...(table.tFoot ? [table.tFoot] : [])].flatMap((part) => [...part.rows]);
    for (const row of rows) {
      if (row.cells.length === words.length) [...row.cells].forEach((cell, at) => { if (cell.tagName === "TD" && words[at]) cell.dataset.label = words[at]; });
    }
    table.classList.add("stack");
  }
}
labelled();
document.addEventListener("htmx:after:swap", labelled);
