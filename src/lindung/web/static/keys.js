// Work through a list of questions with the keyboard: J and K go from one to the next, a digit presses the button that bears it.
(() => {
  const items = () => [...document.querySelectorAll("[data-item]")];
  let at = 0;
  const go = (to) => {
    const all = items();
    if (!all.length) return;
    at = Math.max(0, Math.min(to, all.length - 1));
    all.forEach((one, n) => one.classList.toggle("here", n === at));
    all[at].focus({ preventScroll: true });
    all[at].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("focusin", (event) => {
    const item = event.target.closest("[data-item]");
    if (item) at = items().indexOf(item);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") { event.preventDefault(); go(at + (key === "j" ? 1 : -1)); }
    const button = items()[at]?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (button) { event.preventDefault(); button.click(); }
  });
})();
