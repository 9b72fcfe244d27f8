// The desks: / j k Enter x ? on lists, the bulk bar, and rows that open in the pane beside the list on a wide screen.
(() => {
  const rows = () => [...document.querySelectorAll("[data-rows] > .row")];
  const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  let at = -1;

  const walk = (step) => {
    const all = rows();
    if (!all.length) return;
    all[at]?.classList.remove("is-active");
    at = Math.max(0, Math.min(all.length - 1, at + step));
    all[at].classList.add("is-active");
    all[at].querySelector("[data-open]")?.focus();
    all[at].scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-rows] > .row");
    if (row) at = rows().indexOf(row);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const help = document.getElementById("keys-help");
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "?" && help) help.open ? help.close() : help.showModal();
    else if (help?.open) return;
    else if (event.key === "/") document.querySelector("[data-search]")?.focus();
    else if (event.key === "j") walk(1);
    else if (event.key === "k") walk(-1);
    else if (event.key === "x") rows()[at]?.querySelector("[data-pick]")?.click();
    else return;
    event.preventDefault();
  });

  const bulk = document.querySelector("[data-bulk]");
  if (bulk) {
    const said = bulk.querySelector("[data-bulk-said]");
    const all = bulk.querySelector("[data-bulk-all]");
    const picks = () => [...document.querySelectorAll("[data-pick]")];
    const tell = () => {
      const count = picks().filter((box) => box.checked).length;
      bulk.dataset.count = count;
      said.textContent = said.dataset.words.replace("{n}", count);
    };
    document.addEventListener("change", (event) => event.target.matches("[data-pick]") && tell());
    all.hidden = false;
    all.addEventListener("click", () => {
      const some = picks().some((box) => !box.checked);
      picks().forEach((box) => { box.checked = some; });
      tell();
    });
    tell();
  }

  // The address stays the list's: the pane is a look, the row's own link is the page.
  const wide = window.matchMedia("(min-width: 90rem)");
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-rows] [data-open]");
    const pane = document.getElementById("pane");
    if (!link || !pane || !window.htmx || !wide.matches) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    for (const row of rows()) row.classList.toggle("is-active", row.contains(link));
    // A page without a detail (a login that ran out, a refusal) is opened as a whole.
    window.htmx
      .ajax("GET", link.href, { target: "#pane", swap: "innerHTML", select: "#detail" })
      .then(() => pane.querySelector("#detail") || window.location.assign(link.href));
  });
})();
