// Makes members' pages quicker to use. Everything but signed links works without it.
"use strict";

// A signed link has its token behind the #, where no server and no log on the way sees it: it is sent as a form.
const form = document.querySelector("form[data-fragment]");
const send = () => {
  if (location.hash.length < 2) return;
  const stated = new URLSearchParams(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  for (const field of form.querySelectorAll("input")) field.value = stated.get(field.name) ?? "";
  form.submit();
};
if (form) {
  // Another link may be opened where one was refused: to the browser that is the same page.
  addEventListener("hashchange", send);
  send();
}

// A page of its own when there is no network, and a place on the phone's first screen.
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/portal/worker.js", { scope: "/portal" }).catch(() => {});

// Copies the link, and tells the house that it was passed on; where that may not be, the form is sent as it is.
for (const button of document.querySelectorAll("button[data-copies]")) {
  button.addEventListener("click", async (event) => {
    if (!navigator.clipboard) return;
    event.preventDefault();
    const field = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      field.select();
      return;
    }
    document.getElementById("copied").textContent = button.dataset.done;
    fetch(button.formAction, { method: "POST", body: new URLSearchParams(), redirect: "manual" }).catch(() => {});
  });
}
