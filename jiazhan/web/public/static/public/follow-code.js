// A printed code leads to /follow/#CODE: what stands after # never reaches the server by itself; it goes into the box.
(() => {
  const form = document.querySelector("[data-follow-code]");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!form || !/^[0-9A-Za-z-]{10,12}$/.test(code)) return;
  form.elements.code.value = code;
  history.replaceState(null, "", location.pathname);
  form.requestSubmit();
})();
