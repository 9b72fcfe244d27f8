// What every page has, each optional: sends a form once, counts characters, copies, prints, moves to the first error.
(() => {
  const root = document.documentElement;
  root.dataset.js = "";

  // A second press while the first is on its way is ignored; coming back by the browser's arrow frees the button.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "1";
    const button = event.submitter;
    const words = button?.querySelector("span");
    if (!words) return;
    button.dataset.words = words.textContent;
    button.setAttribute("aria-disabled", "true");
    if (button.dataset.busy) words.textContent = button.dataset.busy;
  });
  const free = () => {
    for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
    for (const button of document.querySelectorAll("button[data-words]")) {
      button.removeAttribute("aria-disabled");
      button.querySelector("span").textContent = button.dataset.words;
      delete button.dataset.words;
    }
  };
  window.addEventListener("pageshow", (event) => event.persisted && free());
  document.addEventListener("htmx:afterRequest", free);

  // Characters as a person counts them: an emoji or a rare character is one.
  const count = (place) => {
    const box = document.getElementById(place.dataset.counter);
    if (!box) return;
    const most = Number(box.dataset.limit || box.maxLength);
    const said = place.textContent;
    const tell = () => {
      const left = most - [...box.value].length;
      place.classList.toggle("is-over", left < 0);
      if (left < 0) place.textContent = place.dataset.over.replace("{n}", -left);
      else place.textContent = left < most / 2 ? place.dataset.left.replace("{n}", left) : said;
    };
    box.addEventListener("input", tell);
    tell();
  };
  document.querySelectorAll("[data-counter]").forEach(count);

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.querySelector("span").textContent = button.dataset.copied;
    });
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  document.querySelector("[data-focus]")?.focus();
})();
