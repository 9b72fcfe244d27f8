// Shows a part of a form only while a choice asks for it: data-when="origin=research". Without scripts everything shows.
(() => {
  for (const part of document.querySelectorAll("[data-when]")) {
    const [name, value] = part.dataset.when.split("=");
    const form = part.closest("form");
    const tell = () => {
      part.hidden = form.querySelector(`[name="${name}"]:checked`)?.value !== value;
    };
    form.addEventListener("change", tell);
    tell();
  }
})();
