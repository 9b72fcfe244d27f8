// Puts a sentence at the cursor of the reply. Without it the sentences are there to be read and copied.
(() => {
  const show = (root) => {
    for (const button of root.querySelectorAll("[data-insert-into][hidden]")) button.hidden = false;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert-into]");
    const box = button && document.getElementById(button.dataset.insertInto);
    if (!box) return;
    const sentence = button.parentElement.querySelector("[data-phrase]").textContent;
    const at = box.selectionStart ?? box.value.length;
    const gap = at > 0 && box.value[at - 1] !== "\n" ? "\n" : "";
    box.setRangeText(gap + sentence, at, box.selectionEnd ?? at, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    const blank = box.value.indexOf("【", at);
    box.focus();
    if (blank >= 0) box.setSelectionRange(blank, box.value.indexOf("】", blank) + 1);
  });

  document.addEventListener("htmx:afterSwap", (event) => show(event.target));
  show(document);
})();
